/** Safari on an iPad begins to fetch the file only after the click has returned, and asks the person first. */
const keptMs = 60_000;

/** Saves a file of this device's own making: nothing is sent anywhere. */
export function saveFile(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), keptMs);
}
