import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { lastingStorage, memoryStorage } from '../../../src/platform/storage.ts'

function stubLocalStorage(descriptor: PropertyDescriptor): void {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'localStorage')
  Object.defineProperty(globalThis, 'localStorage', { ...descriptor, configurable: true })
  onTestFinished(() => {
    if (before === undefined) Reflect.deleteProperty(globalThis, 'localStorage')
    else Object.defineProperty(globalThis, 'localStorage', before)
  })
}

describe('memoryStorage', () => {
  it('keeps its values for its own lifetime', () => {
    const storage = memoryStorage()
    expect(storage.getItem('a')).toBeNull()
    storage.setItem('a', '')
    expect(storage.getItem('a')).toBe('')
    storage.removeItem('a')
    expect(storage.getItem('a')).toBeNull()
    storage.setItem('a', '1')
    expect(memoryStorage().getItem('a')).toBeNull()
  })
})

describe('lastingStorage', () => {
  it('returns the localStorage of the host', () => {
    const host = memoryStorage()
    stubLocalStorage({ value: host })
    expect(lastingStorage()).toBe(host)
  })

  it.each([
    ['the host has none', { value: undefined }],
    [
      'access is forbidden',
      {
        get: () => {
          throw new DOMException('The operation is insecure.', 'SecurityError')
        },
      },
    ],
  ])('falls back to memory if %s', (_, descriptor) => {
    stubLocalStorage(descriptor)
    lastingStorage().setItem('a', '1')
    expect(lastingStorage().getItem('a')).toBe('1')
    lastingStorage().removeItem('a')
  })

  it('does not read localStorage at import', async () => {
    const get = vi.fn()
    stubLocalStorage({ get })
    vi.resetModules()
    await import('../../../src/platform/storage.ts')
    expect(get).not.toHaveBeenCalled()
  })
})
