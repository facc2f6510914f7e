// Rows of this device's own store that stand before the door: asked for at every unlocking, and mostly not there.

/** A code that is not confirmed to be on paper; `PendingCode`. */
export const pendingCodeRow = "recoveryCode";
/** A use of the recovery code that is not finished. */
export const codeUseRow = "recoveryUse";
