/** Frames: what travels over a connection, each with its length before it: four bytes, big-endian; then MessagePack. */

import { Decoder, Encoder, type ExtensionCodecType } from '@msgpack/msgpack';

/** What arrived is not what a peer sends; the connection that it came over is of no use any more. */
export class WireError extends Error {
  override readonly name = 'WireError';
}

const LENGTH_BYTES = 4;

/** Frames carry no extensions of MessagePack, and nothing that their reader would refuse. */
const extensionCodec: ExtensionCodecType<undefined> = {
  tryToEncode(object) {
    if (Object.hasOwn(object as object, '__proto__')) throw new WireError('a frame has no room for the key __proto__');
    return null;
  },
  decode(_data, type) {
    throw new WireError(`an extension of MessagePack, of type ${type}`);
  },
};

const encoder = new Encoder({ extensionCodec });
const decoder = new Decoder({ extensionCodec });

/**
 * A value as a frame.
 *
 * @param value JSON-like: what `toJson` gives
 * @throws WireError when the frame would be larger than the limit, in bytes, or an object in it has the key `__proto__`.
 */
export function encodeFrame(value: unknown, limit: number): Buffer {
  const body = encoder.encodeSharedRef(value);
  if (body.length > limit) {
    throw new WireError(`a frame of ${body.length} bytes is larger than the limit of ${limit}`);
  }
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length);
  frame.writeUInt32BE(body.length, 0);
  frame.set(body, LENGTH_BYTES);
  return frame;
}

/** Cuts what arrives into frames. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;

  /** @param limit of a frame, in bytes; it may be changed between frames */
  constructor(public limit: number) {}

  /** Whether a frame has begun to arrive and not ended yet. */
  get isWithinFrame(): boolean {
    return this.#size > 0;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /**
   * The next frame that has arrived in full; undefined when there is none yet.
   *
   * @throws WireError for a frame that is empty, too large, or no MessagePack.
   */
  next(): { readonly value: unknown } | undefined {
    if (this.#size < LENGTH_BYTES) return undefined;
    const length = this.#first(LENGTH_BYTES).readUInt32BE(0);
    if (length === 0 || length > this.limit) {
      throw new WireError(`a frame of ${length} bytes; frames here have 1 to ${this.limit}`);
    }
    if (this.#size < LENGTH_BYTES + length) return undefined;
    const bytes = this.#first(LENGTH_BYTES + length);
    const [head] = this.#chunks;
    this.#chunks[0] = (head ?? bytes).subarray(bytes.length);
    this.#size -= bytes.length;
    if (this.#size === 0) this.#chunks = [];
    return { value: decoded(bytes.subarray(LENGTH_BYTES)) };
  }

  /** The first so many bytes in one piece. They have arrived. */
  #first(length: number): Buffer {
    const [head] = this.#chunks;
    if (head !== undefined && head.length >= length) return head.subarray(0, length);
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = [whole];
    return whole.subarray(0, length);
  }
}

function decoded(body: Buffer): unknown {
  try {
    return decoder.decode(body);
  } catch {
    throw new WireError('a frame that is no MessagePack');
  }
}
