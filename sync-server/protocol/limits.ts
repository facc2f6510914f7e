/** Bounds that both sides keep; a message outside them is refused before anything else is looked at. Bytes unless the name says otherwise. */
export const limits = {
  /** One envelope, all of it. A larger edit is refused before it is stored. SPEC.md [W7]. */
  envelopeBytes: 512 * 1024,
  /** Yjs structs in all updates of one envelope. Their encoding repeats what is alike, so that a few bytes may be as many as fill the memory. SPEC.md [D6]. */
  insideStructs: 65_536,
  /** The clear body of a control envelope. */
  clearBytes: 128 * 1024,
  /** One push request. */
  pushBytes: 4 * 1024 * 1024,
  pushEnvelopes: 1000,
  /** One presence envelope, all of it. SPEC.md [N1]. */
  presenceBytes: 4 * 1024,
  /** One heartbeat, all of it: no quota holds it back. SPEC.md [H1]. */
  heartbeatBytes: 16 * 1024,
  /** Presence of one device in one room: as many a second, and as many at once after a silence. SPEC.md [N4]. */
  presencePerSecond: 10,
  presenceBurst: 20,
  /** The slowest network on which a full push still arrives; both sides give a request the time that it takes. */
  slowestBytesPerSecond: 16 * 1024,
  /** One page of a log; always at least one envelope. */
  pageBytes: 2 * 1024 * 1024,
  pageEnvelopes: 1000,
  /** Any JSON request. */
  jsonBytes: 256 * 1024,
  /** Rooms that one session or stream may cover. */
  sessionRooms: 500,
  /** Streams of one session; one more ends the oldest. */
  sessionStreams: 5,
  sessionMs: 15 * 60 * 1000,
  /** A push-only token. SPEC.md [U1]. */
  pushTokenMs: 30 * 24 * 60 * 60 * 1000,
  challengeMs: 60 * 1000,
  /** An invitation's longest life. */
  inviteMs: 72 * 60 * 60 * 1000,
  inviteSlotBytes: 64 * 1024,
  /** Envelopes that one record destroys; more take more records. */
  purgedEnvelopes: 500,
  /** A sealed recovery bundle, and how many of a service the relay keeps at a time. SPEC.md [Y3]. */
  recoveryBytes: 4 * 1024,
  recoveryBundles: 8,
  /** How far ahead of a device's clock a generation may be numbered: one that somebody has invented can be outnumbered. SPEC.md [G1]. */
  generationAheadMs: 7 * 24 * 60 * 60 * 1000,
  /** Members of one room. */
  roomDevices: 200,
  /** How often the stream sends a comment when nothing else is sent. */
  streamHeartbeatMs: 25 * 1000,
} as const;
