/** What is on disk cannot be used. */

import { UsageError } from '../../model/contract/errors.ts';

/** The message says what was found, and what to do. */
export class StoreError extends UsageError {}
