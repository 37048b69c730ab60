import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto'

type HmacKey = string | ArrayBuffer | ArrayBufferView

/** The hash interface of `@smithy/signature-v4`, implemented with node:crypto. */
export class Sha256 {
  readonly #secret: string | KeyObject | undefined
  readonly #parts: (Uint8Array | string)[] = []

  constructor(secret?: HmacKey) {
    this.#secret = typeof secret === 'object' ? toKeyObject(secret) : secret
  }

  update(data: Uint8Array | string): void {
    this.#parts.push(data)
  }

  async digest(): Promise<Uint8Array> {
    const [only = '', ...more] = this.#parts
    const data = more.length === 0 ? only : Buffer.concat(this.#parts.map((part) => Buffer.from(part)))
    // Measured: the one-shot hash takes half the time of createHash, and a key object a sixth of the time of a key as bytes.
    if (this.#secret === undefined) return hash('sha256', data, 'buffer')
    return createHmac('sha256', this.#secret).update(data).digest()
  }
}

/** The signer caches the key of the day, and passes the same bytes for each signature. */
const keyObjects = new WeakMap<ArrayBuffer | ArrayBufferView, KeyObject>()

const toKeyObject = (key: ArrayBuffer | ArrayBufferView): KeyObject => {
  const cached = keyObjects.get(key)
  if (cached) return cached
  const created = createSecretKey(
    ArrayBuffer.isView(key) ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength) : new Uint8Array(key),
  )
  keyObjects.set(key, created)
  return created
}
