/**
 * Whether parsed JSON is a recorded step: what its schema says, for lines by the hundred thousand, of which nearly all are
 * right. What this refuses is given to the schema, which says what is wrong; a test compares the two.
 */

import type { z } from 'zod';
import type { stepSchema } from './recording.ts';

type Check = (value: unknown) => boolean;

/** What each field must be; those with a question mark may be missing, and no others may be there. */
type Shape = Readonly<Record<string, { readonly is: Check; readonly isOptional: boolean }>>;

export function isStep(json: object): json is z.infer<typeof stepSchema> {
  return fits(json, step);
}

/** The fields of a step that come before what came of it. */
export function isBeginning(
  json: unknown,
): json is Pick<z.infer<typeof stepSchema>, 'step' | 'event' | 'cause' | 'session'> {
  return fits(json, beginning);
}

function shape(fields: Readonly<Record<string, Check>>): Shape {
  return Object.fromEntries(
    Object.entries(fields).map(([name, is]) => [name.replace('?', ''), { is, isOptional: name.endsWith('?') }]),
  );
}

function fits(value: unknown, fields: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  for (const name in value) {
    if (!Object.hasOwn(fields, name) || !fields[name]?.is((value as Record<string, unknown>)[name])) return false;
  }
  for (const name in fields) if (fields[name]?.isOptional === false && !Object.hasOwn(value, name)) return false;
  return true;
}

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => Number.isFinite(value);
const isIndex: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 1;
const isTagged: Check = (value) => typeof value === 'object' && value !== null && isText(Reflect.get(value, 'type'));
const isListOf =
  (item: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(item);
/** One of several shapes, told apart by the field `type`. */
const isOneOf =
  (shapes: Readonly<Record<string, Shape>>): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null) return false;
    const type: unknown = Reflect.get(value, 'type');
    const found = typeof type === 'string' && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
    return found !== undefined && fits(value, found);
  };

const alone = shape({ type: isText });
const ofPeer = shape({ type: isText, peer: isText });
const ofTimer = shape({ type: isText, timer: isText });

const event = isOneOf({
  start: alone,
  recover: alone,
  receive: shape({ type: isText, from: isText, message: isTagged }),
  timeout: ofTimer,
  request: shape({ type: isText, client: isText, request: isTagged }),
  linkDown: ofPeer,
  linkUp: ofPeer,
});

const effect = isOneOf({
  send: shape({ type: isText, to: isText, message: isTagged }),
  setTimer: ofTimer,
  cancelTimer: ofTimer,
  respond: shape({ type: isText, client: isText, response: isTagged }),
  indicate: shape({ type: isText, indication: isTagged }),
});

const cause = shape({ from: isText, incarnation: isCount, step: isCount, index: isIndex });
const patch = shape({
  op: (value) => value === 'add' || value === 'remove' || value === 'replace',
  path: isListOf((part) => isText(part) || isNumber(part)),
  'value?': () => true,
});

const beginningFields = {
  step: isCount,
  event,
  'cause?': (value: unknown) => fits(value, cause),
  'session?': isText,
};
const beginning = shape(beginningFields);

const step = shape({
  ...beginningFields,
  effects: isListOf(effect),
  'durable?': isListOf((value) => fits(value, patch)),
  at: isNumber,
});
