/** Worlds that once found a fault of ours, and what it was: they are run with every test, for good. */
export const onceFound: readonly { seed: number; found: string }[] = [
  { seed: 58, found: "a tab whose saving another tab had sent counted it as unsent for ever, when it was the first to read it back" },
  { seed: 140, found: "a device that was removed before it could send sealed that again under a key that it has not, and every round failed" },
  { seed: 217, found: "a saving that came to the relay behind an own control record was taken for a profile that was set back" },
  { seed: 126, found: "a session came back with the relay's backup, and its stream told of a generation that nobody had taken up: a false alarm" },
  { seed: 269, found: "what was given back to a restored relay came over the stream before the generation was taken up: the chain seemed broken" },
  { seed: 1929, found: "a device whose clock was set back asked for nothing any more, for as long as it had been set back" },
  { seed: 1071, found: "a room that another tab had let go of was told of as a failure of the disk" },
  { seed: 105, found: "behind a control record that a restored relay did not take back, its author's next saving left a gap for ever" },
  { seed: 46, found: "a device that was removed while it gave back what a restored relay had lost forgot the room with it" },
  { seed: 82, found: "what was quoted for somebody else was not sent while its device had nothing of its own to send" },
  { seed: 15, found: "what was sealed in an epoch that was lost was let in under the key of another epoch of that number" },
  { seed: 225, found: "what was sealed in an epoch that was lost was quoted to members who had no key to read it" },
  { seed: 44, found: "a tab sealed with the key of an epoch that was lost, when another tab had learned that it was begun anew" },
  { seed: 2553, found: "after a control record was given up, its author could change nothing in the room any more" },
  { seed: 3249, found: "a tab waited for numbers from before a restore, when another tab had taken up the generation" },
  { seed: 6843, found: "what another tab had sent while the relay answered was taken for lost, and sent again" },
];
