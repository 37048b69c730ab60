import { CommandFailure } from '../command-failure.ts'
import { type Login, type Means, unmade } from './means.ts'
import { faultOfPassphrase, makeKey, newPassphrase } from './rsa-key.ts'

/** Stored before the key, so that a key is never there without it. */
export const storedPassphrase = ({ passphrase: name }: Login, { store, step }: Means): Promise<string> => {
  const made = newPassphrase()
  return step(`store a passphrase as ${name}`, () => store.create(name, made).then(() => made), made)
}

/** A new key under the passphrase, in a parameter that was not there. */
export const storedKey = async (name: string, passphrase: string, { store, step, bits }: Means) => {
  const fault = faultOfPassphrase(passphrase)
  if (fault !== undefined) {
    throw new CommandFailure(`The stored passphrase ${fault}, which some clients cannot read.`, {
      remedy: 'Use two other parameters in access.yml, create the pair there, and deploy.',
    })
  }
  const made = await step(`create a ${bits}-bit RSA key`, () => makeKey(bits, passphrase), unmade)
  await step(`store the private key as ${name}`, () => store.create(name, made.pem), undefined)
  return made
}
