import { candidate, type Candidate } from "./finding.ts";

/** Sites of authorities and helplines that a note may well point to. */
const PUBLIC_HOSTS = /(?:^|\.)(?:kommune|udir|bufdir|barnevernvakten|ks|nav|politiet|helsenorge|helsedirektoratet|fhi|lovdata|regjeringen|ung|dinutvei|116111|korspahalsen|snakkemedbarn|statsforvalteren|sivilombudet|datatilsynet|rvts[a-z]*|ungdata|statped|fritidskortet|redd-?barna|mentalhelse)\.no$/;
const SOCIAL_HOSTS = /(?:^|\.)(?:instagram|facebook|fb|tiktok|snapchat|youtube|youtu|twitter|x|discord|twitch|linkedin|vsco|bereal|t)\.(?:com|me|be|gg|tv|al)$/;

const WEB = /(?:https?:\/\/|www\.)[^\s<>«»"()]+|(?<![\p{L}\p{Nd}@._-])(?:instagram|facebook|tiktok|snapchat|youtube|twitter|discord|linkedin)\.(?:com|me|gg)\/[^\s<>«»"()]+/giu;
const HANDLE = /(?<![\p{L}\p{Nd}@._+-])@[\p{L}\p{Nd}_.]{2,30}/gu;
/** «snap: lena_07», «brukernavn xx»: a word with a digit or an underscore after the name of a service. */
const NAMED_HANDLE = /(?<![\p{L}\p{Nd}])(?:snap|snapchat|snapp|insta|instagram|tiktok|facebook|discord|roblox|brukernavn|brukarnamn|brukernavnet|username|gamertag|kik|telegram|whatsapp)[ :=]{1,3}(?:er |heter |heiter |is )?(?=[\p{Nd}._-]{0,30}\p{L})([\p{L}._-]{0,30}[\p{Nd}_][\p{L}\p{Nd}._-]{0,30})/giu;

const LOCAL = /[\p{L}\p{Nd}._%+'-]/u;
const DOMAIN = /^[\p{L}\p{Nd}-]+(?:\.[\p{L}\p{Nd}-]+)*\.\p{L}{2,}/u;
const LONGEST_ADDRESS = 120;

/** E-mail addresses, web addresses that are not an authority's, and names in social media. */
export function findContacts(text: string): Candidate[] {
  const found: Candidate[] = [];
  // Outward from each @, within a bound: a pattern that begins with the local part would try every letter of a long text.
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && at - start < LONGEST_ADDRESS && LOCAL.test(text.charAt(start - 1))) start--;
    const domain = DOMAIN.exec(text.slice(at + 1, at + 1 + LONGEST_ADDRESS));
    if (start < at && domain !== null) found.push(candidate("email", "hard", "form", start, at + 1 + domain[0].length));
  }
  for (const match of text.matchAll(WEB)) {
    const address = match[0].replace(/[.,;:!?]+$/u, "");
    const [host = "", ...path] = address.replace(/^https?:\/\//i, "").replace(/^www\./i, "").toLowerCase().split(/[/?#]/);
    const profile = path.some((part) => part !== "");
    if (PUBLIC_HOSTS.test(host) || (SOCIAL_HOSTS.test(host) && !profile)) continue;
    found.push(candidate("link", "hard", "form", match.index, match.index + address.length));
  }
  for (const match of text.matchAll(HANDLE)) found.push(candidate("handle", "hard", "form", match.index, match.index + match[0].replace(/\.+$/, "").length));
  for (const match of text.matchAll(NAMED_HANDLE)) {
    const name = (match[1] ?? "").replace(/[.-]+$/, "");
    const start = match.index + match[0].length - (match[1] ?? "").length;
    if (name !== "") found.push(candidate("handle", "hard", "cue", start, start + name.length));
  }
  return found;
}
