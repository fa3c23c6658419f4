/** The part of snappyjs that is used; it comes without types. */
declare module 'snappyjs' {
  export function uncompress(compressed: Uint8Array, maxLength: number): Uint8Array<ArrayBuffer>
  export function compress(uncompressed: Uint8Array): Uint8Array<ArrayBuffer>
}
