/**
 * Message passing as specifications in TLA+ have it: the set of all messages ever sent. To receive a message is to find it
 * there, any number of times or never, so that loss, delay, reordering and duplication need no actions of their own.
 */

/** A message: flat, so that two are the same when their fields are. */
export type Flat = Readonly<Record<string, string | number | null>>;

/** The set with a message added: the same set when it is in it already. */
export function sent<Message extends Flat>(messages: ReadonlySet<Message>, message: Message): ReadonlySet<Message> {
  return isSent(messages, message) ? messages : new Set([...messages, message]);
}

/** Whether a message with these fields has been sent. */
export function isSent<Message extends Flat>(messages: ReadonlySet<Message>, fields: Partial<Message>): boolean {
  const wanted = Object.entries(fields);
  return [...messages].some((message) => wanted.every(([field, value]) => message[field] === value));
}

/** The messages of a kind. */
export function ofType<Message extends Flat & { readonly type: string }, Type extends Message['type']>(
  messages: ReadonlySet<Message>,
  type: Type,
): Extract<Message, { readonly type: Type }>[] {
  return [...messages].filter((message): message is Extract<Message, { readonly type: Type }> => message.type === type);
}
