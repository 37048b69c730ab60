import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto'

type Key = string | ArrayBuffer | ArrayBufferView

/** The shape in which `@smithy/signature-v4` wants its hash: of the platform, and no library. */
export class Sha256 {
  readonly #hash: Hash | Hmac

  constructor(secret?: Key) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret))
  }

  update(data: Uint8Array | string): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

const bytesOf = (key: Key): string | Uint8Array => {
  if (typeof key === 'string') return key
  return ArrayBuffer.isView(key) ? new Uint8Array(key.buffer, key.byteOffset, key.byteLength) : new Uint8Array(key)
}
