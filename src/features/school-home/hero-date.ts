/** «Torsdag 17. desember» that breaks, when it must, before the day and not inside the date. */
export function withMonthOnOneLine(date: string): string {
  const last = date.lastIndexOf(" ");
  return last < 0 ? date : `${date.slice(0, last)}\u00a0${date.slice(last + 1)}`;
}
