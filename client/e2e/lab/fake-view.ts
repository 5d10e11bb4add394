import type { EngineView, ParticipantView, ProblemView, SessionSnapshot } from '@belfry/sdk';

/** An engine that only remembers: its verbs change the snapshot as the real one would. */
export class FakeView implements EngineView {
  readonly calls: string[] = [];
  private readonly listeners = new Set<(snapshot: SessionSnapshot) => void>();

  constructor(public snapshot: SessionSnapshot) {}

  get listenersCount(): number {
    return this.listeners.size;
  }

  change(change: Partial<SessionSnapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.listeners.forEach((listener) => listener(this.snapshot));
  }

  subscribe(listener: (snapshot: SessionSnapshot) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  audioLevel(): number {
    return 0.35 + 0.3 * Math.sin(performance.now() / 120);
  }

  join(): void {
    this.calls.push('join');
    this.change({ state: 'connected' });
  }

  async setAudioMuted(isAudioMuted: boolean): Promise<void> {
    this.calls.push(`setAudioMuted ${isAudioMuted}`);
    this.changeLocal({ isAudioMuted });
  }

  async setVideoMuted(isVideoMuted: boolean): Promise<void> {
    this.calls.push(`setVideoMuted ${isVideoMuted}`);
    this.changeLocal({ isVideoMuted });
  }

  async startScreenShare(): Promise<void> {
    this.change({ local: { ...this.snapshot.local, isScreenSharing: true } });
  }

  async stopScreenShare(): Promise<void> {
    this.change({ local: { ...this.snapshot.local, isScreenSharing: false } });
  }

  async setAudioInputDevice(id: string): Promise<void> {
    this.change({ devices: { ...this.snapshot.devices, audioInputId: id } });
  }

  async setVideoInputDevice(id: string): Promise<void> {
    this.change({ devices: { ...this.snapshot.devices, videoInputId: id } });
  }

  async setAudioOutputDevice(id: string): Promise<void> {
    this.change({ devices: { ...this.snapshot.devices, audioOutputId: id } });
  }

  setMode(mode: SessionSnapshot['mode']): void {
    this.change({ mode });
  }

  async resumeAudioPlayback(): Promise<void> {
    this.change({ isAudioPlaybackBlocked: false });
  }

  dismissProblem(id: number): void {
    this.change({ problems: this.snapshot.problems.filter((problem: ProblemView) => problem.id !== id) });
  }

  stayInSession(): void {
    this.change({ idleSecondsLeft: null });
  }

  async setHandRaised(isHandRaised: boolean): Promise<void> {
    this.change({ local: { ...this.snapshot.local, isHandRaised } });
    this.changeParticipants((participant) => (participant.isLocal ? { ...participant, isHandRaised } : participant));
  }

  pin(pinnedId: string | null): void {
    this.change({ pinnedId });
  }

  showParticipantList(isParticipantListShown: boolean): void {
    this.change({ isParticipantListShown });
  }

  showSettings(isSettingsShown: boolean): void {
    this.change({ isSettingsShown });
  }

  showPictureInPicture(isPictureInPicture: boolean): void {
    this.change({ isPictureInPicture });
  }

  async askToMute(participantId: string, source: 'microphone' | 'camera'): Promise<void> {
    this.calls.push(`askToMute ${participantId} ${source}`);
  }

  async requestVideo(): Promise<void> {
    this.calls.push('requestVideo');
    this.change({ isVideoRequested: true });
  }

  async answerVideoRequest(accept: boolean): Promise<void> {
    this.calls.push(`answerVideoRequest ${accept}`);
    this.change({ videoRequest: null, ...(accept ? { isAudioOnly: false } : {}) });
  }

  buttonPressed(): void {}

  async endForAll(): Promise<void> {
    this.calls.push('endForAll');
  }

  pressEndCall(): void {
    this.calls.push('pressEndCall');
    this.change({ state: 'ended', endReason: 'hang-up' });
  }

  private changeLocal(change: { isAudioMuted?: boolean; isVideoMuted?: boolean }): void {
    this.changeParticipants((participant) => (participant.isLocal ? { ...participant, ...change } : participant));
    this.change({ local: { ...this.snapshot.local, ...change } });
  }

  private changeParticipants(change: (participant: ParticipantView) => ParticipantView): void {
    this.change({ participants: this.snapshot.participants.map(change) });
  }
}
