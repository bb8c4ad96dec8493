const BYTE_ORDER_MARK = '\uFEFF'

/** Takes the byte order mark from the beginning of a text that comes in pieces. */
export function withoutByteOrderMark(): (piece: string) => string {
  let isFirst = true
  return (piece) => {
    const rest = isFirst && piece.startsWith(BYTE_ORDER_MARK) ? piece.slice(1) : piece
    if (piece !== '') isFirst = false
    return rest
  }
}
