/** JSON over HTTP: reading what is asked, checked; sending answers. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';

/** Bytes of a request. */
const MOST_BYTES = 256 * 1024;

/** A request that is at fault; nothing has happened. */
export class BadRequest extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Which path is asked for, without the query; as it was written, whatever that is. */
export function pathnameOf({ url = '/' }: IncomingMessage): string {
  if (!url.startsWith('/') && URL.canParse(url)) return new URL(url).pathname;
  const [pathname = '/'] = url.split('?', 1);
  return pathname;
}

/** The body of a request. @throws BadRequest */
export function jsonOf(request: IncomingMessage): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) chunks.push(chunk);
      else reject(new BadRequest(413, `a request has at most ${MOST_BYTES} bytes`));
    });
    request.on('error', reject);
    request.on('end', () => {
      try {
        resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      } catch {
        reject(new BadRequest(400, 'the body is not JSON, such as {"value": "1"}'));
      }
    });
  });
}

/** @throws BadRequest that says what does not fit. */
export function fits<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  throw new BadRequest(400, `${where}${issue?.message ?? 'that is not what is expected here'}`);
}

/** Answers, unless that was done already. */
export function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  if (response.writableEnded) return;
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
