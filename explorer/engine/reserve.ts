/** Memory that is reserved now and taken page by page as it is written to: what is reserved and not used costs nothing. */

/**
 * Reserves shared memory, all zero. Where the system does not give as much, it is half as much, and half of that.
 *
 * @param bytes rounded down to whole pages
 */
export function reserve(bytes: number): SharedArrayBuffer {
  for (let size = Math.max(PAGE, Math.floor(bytes / PAGE) * PAGE); ; size = Math.ceil(size / 2 / PAGE) * PAGE) {
    try {
      return new SharedArrayBuffer(size);
    } catch (thrown) {
      if (!(thrown instanceof RangeError) || size === PAGE) throw thrown;
    }
  }
}

/** Bytes of a page, or a multiple of it. */
export const PAGE = 1 << 16;
