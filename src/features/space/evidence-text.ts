import type { RoomEvidence } from "../../engine/log/findings.ts";

/**
 * A room's evidence for whoever runs the relay: ids, numbers, sizes and times. Not translated: it is compared with the relay's own log.
 * @param at when it was asked for, in ms
 */
export function evidenceText(evidence: RoomEvidence, at: number): string {
  const { fault, kept, quarantined, generations } = evidence;
  return [
    `time ${iso(at)}`,
    `room ${evidence.roomId}`,
    `device ${evidence.deviceId}`,
    `genesis ${evidence.genesis}`,
    `controlHead ${evidence.controlHead ?? "-"}`,
    `verified through ${evidence.seq}, epoch ${evidence.epoch ?? "-"}, accepted generation ${evidence.acceptedGen ?? "-"}`,
    `generations ${generations.map(({ logGen, fromSeq }) => `${logGen} from ${fromSeq}`).join(", ")}`,
    `unsent ${evidence.unsent}, to be given back ${evidence.lost}, set back ${evidence.setBack ? "yes" : "no"}`,
    `fault ${fault === null ? "-" : `${fault.type} at ${fault.seq}`}`,
    ...kept.map((one) => `kept ${one.fault} at ${one.seq}, found ${iso(one.foundAt)}, ${one.sizeBytes} bytes, author ${one.authorId ?? "-"}, counter ${one.ctr ?? "-"}${one.action === null ? "" : `, ${one.action}`}`),
    ...quarantined.map((one) => `set aside ${one.envelopeId} at ${one.seq ?? "-"}, ${one.reason}, ${one.sizeBytes} bytes, author ${one.deviceId}`),
  ].join("\n");
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
