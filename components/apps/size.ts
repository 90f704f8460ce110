/** A size in the words of the page: 1 is 10^9 bytes of memory and one CPU share. */
export function sizeInWords(size: number): string {
  return size < 1 ? `${Math.round(size * 1000)} MB` : `${Number(size.toFixed(1))} GB`
}
