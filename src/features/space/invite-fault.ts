import type { InviteFault } from "../../engine/sync/invite-flow.ts";

/** The words for what went wrong with an invitation. */
export function faultKey(fault: Exclude<InviteFault, { type: "cancelled" }>) {
  if (fault.type === "tampered") return "space.invite.fault.tampered" as const;
  switch (fault.refusal.type) {
    case "inviteUnknown":
      return "space.invite.fault.inviteUnknown" as const;
    case "inviteExpired":
      return "space.invite.fault.inviteExpired" as const;
    case "inviteUsed":
      return "space.invite.fault.inviteUsed" as const;
    default:
      return "space.invite.fault.other" as "space.invite.fault.other" | "space.invite.fault.unreachable" | "space.invite.notAdded";
  }
}
