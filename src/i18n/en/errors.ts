import type { errors as nb } from "../nb/errors.ts";
import type { Texts } from "../texts.ts";

export const errors: Texts<typeof nb> = {
  unknown: "Something went wrong, and the last thing was not saved. Everything saved before is still here. Try again.",
  storageFull: "The device is full, and the last thing was not saved. Delete pictures or apps you do not need, and save once more.",
  storage: "The device could not save. Close other tabs with the app, and try again. If that does not help, restart the device.",
  tooLarge: "The text is too long to be saved at once, and nothing has changed. Take out a part of it, and save the rest by itself.",
  stretch: "This device could not try the passphrase. Nothing has been deleted or changed. Close other tabs and apps, and try again. If that does not help, open the app again when you are online.",
  unreadable: "Something on this device cannot be read. Nothing has been deleted. Contact whoever runs the server.",
  unreachable: "Cannot reach the server. What is waiting is sent by itself when the network is back.",
  ownFault: "The app made a mistake, and the last thing was not saved. Restart the app. If it happens again, tell whoever runs the server.",
  textsMissing: "The language has not been fetched to this device yet. Try again when you have a network.",
  refusal: {
    notUnderstood: "The server did not understand what was sent. It is safe on the device. Update the app, and tell whoever runs the server if this still stands here tomorrow.",
    tooLarge: "Something is too large to send. It is safe on the device. Tell whoever runs the server.",
    notMember: "The server does not let this device in here yet. Ask a colleague to open the app with a network. If this still stands here tomorrow, ask for a new invitation.",
    forbidden: "Your role does not allow you to write here. What you wrote is on the device.",
    notThereYet: "The server does not have this place yet. That sorts itself out once whoever made it has had a network.",
    catchUp: "Another device came first. This device fetches what is new and sends its own again by itself.",
    later: "The server is busy. Sending goes on by itself in a moment.",
    codeUnknown: "There is no such start code. Check every character.",
    codeUsed: "The start code has been used. Ask whoever runs the server for a new one.",
    inviteUnknown: "There is no such invitation. Ask for a new one.",
    inviteExpired: "The invitation has expired. Ask for a new one.",
    inviteUsed: "The invitation has been used. Ask for a new one.",
    roomClosed: "The room is closed. What you wrote is on the device.",
    generationPending: "The server was restored from a backup. Before anybody is let in or shut out, a consultant must accept that.",
    needsUpdate: "The app is too old to send. Update it. What you have written is on the device.",
  },
  fault: {
    changed: "Something from the server was changed on its way. Fetching has been stopped here. You can go on working, and nothing has been deleted. Contact whoever runs the server.",
    fork: "The server has shown different versions to different devices. Fetching has been stopped here. You can go on working, and nothing has been deleted. Contact whoever runs the server.",
    rollback: "The server has gone back to an older state, perhaps from a backup. Fetching has been stopped here. Nothing has been deleted on the device. Contact whoever runs the server.",
    otherPlace: "This is not the place you were invited to. Nothing has been fetched. Ask for a new invitation, preferably in the same room.",
    needsUpdate: "A colleague uses a newer version. Update the app to read on.",
  },
};
