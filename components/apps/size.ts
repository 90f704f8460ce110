/** Those that are offered; a command may ask for any in steps of 0.1. */
export const sizes = [0.2, 0.3, 0.5, 0.8, 1, 1.5, 2, 3, 4, 6, 8, 12, 16]

/** A size in the words of the page: 1 is 10^9 bytes of memory and one CPU share. */
export function sizeInWords(size: number): string {
  return size < 1 ? `${Math.round(size * 1000)} MB` : `${Number(size.toFixed(1))} GB`
}
