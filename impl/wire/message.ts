/** Messages on a session: the step that sent it, its place among that step's effects, and the message itself. */

import type { z } from 'zod';
import { clearlyFits } from '../../model/contract/clear-fit.ts';
import { fromJson, toJson } from '../../model/contract/data.ts';
import { freeze } from '../../model/contract/draft.ts';
import { messageOf } from '../../model/contract/errors.ts';
import type { AnyTagged } from '../../model/contract/protocol.ts';
import type { Cause } from '../../model/contract/recording.ts';
import type { Frame } from '../node/ports.ts';
import { WireError } from './frames.ts';

type MessageFrame = readonly [step: number, index: number, message: unknown];

export function messageFrame({ message, cause }: Frame): MessageFrame {
  return [cause.step, cause.index, toJson(message)];
}

/**
 * The message in a frame.
 *
 * @param sender who is at the other end of the session
 * @param schema of the messages that are expected
 * @throws WireError when it is none, or does not fit.
 */
export function readMessageFrame(
  value: unknown,
  sender: Pick<Cause, 'from' | 'incarnation'>,
  schema: z.ZodType,
): Frame {
  if (!isMessageFrame(value)) throw new WireError('a frame that is no message');
  const [step, index, json] = value;
  return { message: readMessage(json, schema), cause: { ...sender, step, index } };
}

function isMessageFrame(value: unknown): value is MessageFrame {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [step, index]: unknown[] = value;
  return Number.isSafeInteger(step) && Number(step) >= 1 && Number.isSafeInteger(index) && Number(index) >= 0;
}

/** The message, frozen: as in the model, it is nobody's to change. */
function readMessage(json: unknown, schema: z.ZodType): AnyTagged {
  let parsed: z.ZodSafeParseResult<unknown>;
  try {
    // Most have neither a Set nor a Map in them. One that fits as it stands is a message, whatever its fields are named.
    if (clearlyFits(schema, json)) return freeze(json as AnyTagged, true);
    const message = fromJson(json);
    if (clearlyFits(schema, message)) return freeze(message as AnyTagged, true);
    parsed = schema.safeParse(message);
  } catch (thrown) {
    // Nested so deeply that reading it takes more than the stack.
    throw new WireError(`a message that cannot be read: ${messageOf(thrown)}`);
  }
  if (parsed.success) return freeze(parsed.data as AnyTagged, true);
  const [issue] = parsed.error.issues;
  throw new WireError(`a message that does not fit its schema: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}
