import type { lock as nb } from "../nb/lock.ts";
import type { Texts } from "../texts.ts";

export const lock: Texts<typeof nb> = {
  passphrase: "Passphrase",
  unlock: "Unlock",
  unlocking: "Unlocking …",
  wrong: "That is not the passphrase. Try again.",
  damaged: "The lock on this device is damaged and cannot be read. Nothing has been deleted. Ask a colleague who has access.",
  couldNotOpen: "Something on this device cannot be read. Nothing has been deleted or changed.",
  forgotten: "Forgotten the passphrase?",
  forgottenHelp:
    "Only you have the passphrase, and nobody can make a new one for you. Ask a colleague to invite you again. The service's lead has a sealed recovery code.",
  phones: "Important phone numbers",
  noPhones: "The service has not entered phone numbers yet. In immediate danger: call 112.",
  exampleHint: "This is the example. The passphrase is “{passphrase}”.",
  hiddenHint: "Type the passphrase to show it again.",
};
