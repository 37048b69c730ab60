import { CommandFailure } from '../command-failure.ts'
import { dryRunKey, type KeypairContext, type KeypairLogin } from './keypair-context.ts'
import { createPassphrase, createRsaKey, findPassphraseFault } from './rsa-key.ts'

/** Stored before the key, so that no key is stored without its passphrase. */
export const createStoredPassphrase = (
  { passphrase: name }: KeypairLogin,
  { store, runStep }: KeypairContext,
): Promise<string> => {
  const passphraseValue = createPassphrase()
  return runStep(
    `store a passphrase as ${name}`,
    () => store.create(name, passphraseValue).then(() => passphraseValue),
    passphraseValue,
  )
}

/** Creates a key with the passphrase in a new parameter. */
export const createStoredKey = async (name: string, passphrase: string, { store, runStep, bits }: KeypairContext) => {
  const fault = findPassphraseFault(passphrase)
  if (fault !== undefined) {
    throw new CommandFailure(`The stored passphrase ${fault}, which some clients cannot read.`, {
      remedy: 'Use two other parameters in access.yml, create the pair there, and deploy.',
    })
  }
  const createdKey = await runStep(`create a ${bits}-bit RSA key`, () => createRsaKey(bits, passphrase), dryRunKey)
  await runStep(`store the private key as ${name}`, () => store.create(name, createdKey.pem), undefined)
  return createdKey
}
