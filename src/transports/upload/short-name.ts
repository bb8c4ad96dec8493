/** A number that stands for a text which must be told from others, and need not be kept (FNV-1a, 32 bits). */
export function shortName(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(36)
}
