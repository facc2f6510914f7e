/** Worlds that once found a fault of ours, and what it was: they are run with every test, for good. */
export const onceFound: readonly { seed: number; found: string }[] = [
  { seed: 58, found: "a tab whose saving another tab had sent counted it as unsent for ever, when it was the first to read it back" },
];
