import { User } from '../model/user.js';
import type { ParticipantJson } from '../transport/wire.js';

/** Somebody in a session: a user with a place in it. Two devices of one user are two participants. */
export class SessionParticipant extends User {
  /** Eight hexadecimal digits, unique in the session. */
  id: string;
  /** Unix milliseconds, as a string. */
  joinedAt: string;
  /** Whether the microphone is muted. */
  isAudioMuted: boolean;
  /** Whether the camera is off. */
  isVideoMuted: boolean;
  /** True for oneself on this device. */
  isLocalUser: boolean;

  /** Made by the SDK from the server's description. */
  constructor(json: ParticipantJson, isLocalUser: boolean) {
    super({ uid: json.uid, name: json.name, ...(json.avatar ? { avatar: json.avatar } : {}) });
    this.id = json.id;
    this.joinedAt = json.joinedAt;
    this.isAudioMuted = json.isAudioMuted;
    this.isVideoMuted = json.isVideoMuted;
    this.isLocalUser = isLocalUser;
  }
}
