/** @module Which boot and which host, in the 16 bytes that a slot has for each. */
import { ID_BYTES } from './slot.ts'

/** A UUID such as the kernel's boot_id; zeros for what is none. */
export function encodeBootId(text: string): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES)
  const digits = text.replaceAll('-', '')
  if (/^[0-9a-f]{32}$/i.test(digits)) {
    for (let i = 0; i < ID_BYTES; i++)
      bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16)
  }
  return bytes
}

/** @returns '' for zeros */
export function decodeBootId(bytes: Uint8Array): string {
  if (bytes.every((byte) => byte === 0)) return ''
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** As much of a name of ASCII as there is room for. */
export function encodeHostId(text: string): Uint8Array {
  const bytes = new Uint8Array(ID_BYTES)
  for (let i = 0; i < Math.min(ID_BYTES, text.length); i++) bytes[i] = text.charCodeAt(i) & 0x7f
  return bytes
}

export function decodeHostId(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return String.fromCharCode(...bytes.subarray(0, end < 0 ? ID_BYTES : end))
}
