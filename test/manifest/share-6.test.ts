import { testShare } from './pinned-runs.ts';

testShare(6);
