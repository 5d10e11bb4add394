import type { CallUi, CallUiOptions, ParticipantView, SessionSnapshot } from '@belfry/sdk';
import { mountCallUi } from '../../sdk/src/ui/index.js';
import { FakeView } from './fake-view.js';
import { illustratedCamera, LOOKS } from '../support/camera.js';
import { screenPicture } from './screen.js';

const NAMES = [
  'Anna Lindqvist',
  'Ben Okafor',
  'Clara Moreau',
  'Daniel Cho',
  'Elif Yılmaz',
  'Farid Haddad',
  'Greta Holm',
];

function person(index: number, change: Partial<ParticipantView> = {}): ParticipantView {
  const name = NAMES[index % NAMES.length]!;
  return {
    id: `0000000${index}`.slice(-8),
    uid: `${name.split(' ')[0]!.toLowerCase()}${index}`,
    name,
    avatar: null,
    isLocal: index === 0,
    joinedAt: 0,
    isAudioMuted: false,
    isVideoMuted: false,
    isSpeaking: false,
    quality: 'good',
    isHandRaised: false,
    isHost: index === 0,
    camera: face(index),
    screen: null,
    ...change,
  };
}

const faces = new Map<number, MediaStreamTrack>();

/** A picture of somebody; each is drawn once, however many scenes show it. */
function face(index: number): MediaStreamTrack {
  const look = index % LOOKS.length;
  let track = faces.get(look);
  if (track === undefined) {
    track = illustratedCamera(LOOKS[look]!, 640, 360, 10).getVideoTracks()[0]!;
    faces.set(look, track);
  }
  return track;
}

const noCamera: Partial<ParticipantView> = { camera: null, isVideoMuted: true };

function people(count: number): ParticipantView[] {
  return Array.from({ length: count }, (_, index) => person(index));
}

const calm: SessionSnapshot = {
  state: 'connected',
  endReason: null,
  isAudioOnly: false,
  mode: 'DEFAULT',
  joinedAt: Date.now() - 134_000,
  participants: [],
  dominantSpeakerId: null,
  local: {
    isAudioMuted: false,
    isVideoMuted: false,
    isScreenSharing: false,
    canShareScreen: true,
    canSendVideo: true,
    hasMicrophone: true,
    hasCamera: true,
    microphone: null,
    camera: null,
    isHandRaised: false,
    isHost: true,
  },
  devices: {
    audioInputs: [device('audioinput', 'm1', 'Desk microphone'), device('audioinput', 'm2', 'Headset')],
    audioOutputs: [device('audiooutput', 's1', 'Headset')],
    videoInputs: [device('videoinput', 'c1', 'Front camera')],
    audioInputId: 'm1',
    audioOutputId: 's1',
    videoInputId: 'c1',
  },
  problems: [],
  isAudioPlaybackBlocked: false,
  pinnedId: null,
  isParticipantListShown: false,
  isSettingsShown: false,
  isPictureInPicture: false,
  videoRequest: null,
  isVideoRequested: false,
  idleSecondsLeft: null,
};

function device(kind: MediaDeviceKind, deviceId: string, label: string): MediaDeviceInfo {
  return { kind, deviceId, label, groupId: '', toJSON: () => ({}) };
}

const audioOnly = { ...calm.local, canSendVideo: false, isVideoMuted: true, hasCamera: false };

const REFUSED = {
  id: 1,
  code: 'ERR_CAMERA_REFUSED',
  message:
    'This page may not use your camera. Allow it in the site settings beside the address, then turn it on again.',
};

/** What the tests look at, by name. */
const SCENES: Record<string, () => Partial<SessionSnapshot>> = {
  preview: () => ({ state: 'preview', joinedAt: null, local: { ...calm.local, camera: face(0) } }),
  'preview-off': () => ({
    state: 'preview',
    joinedAt: null,
    local: { ...calm.local, isVideoMuted: true, isAudioMuted: true },
  }),
  'preview-refused': () => ({
    state: 'preview',
    joinedAt: null,
    local: { ...calm.local, isVideoMuted: true, hasCamera: false },
    problems: [REFUSED],
  }),
  'preview-audio': () => ({ state: 'preview', joinedAt: null, isAudioOnly: true, local: audioOnly }),
  settings: () => ({ isSettingsShown: true, participants: people(2), local: { ...calm.local, camera: face(0) } }),
  connecting: () => ({ state: 'connecting', joinedAt: null, participants: [person(0)] }),
  waiting: () => ({ participants: [person(0)] }),
  conversation: () => ({ participants: [person(0), person(1, { isSpeaking: true })] }),
  muted: () => ({
    participants: [
      person(0, { ...noCamera, isAudioMuted: true }),
      person(1, { ...noCamera, isAudioMuted: true, quality: 'poor' }),
    ],
    local: { ...calm.local, isAudioMuted: true, isVideoMuted: true },
  }),
  'audio-only': () => ({
    isAudioOnly: true,
    local: audioOnly,
    participants: [person(0, noCamera), person(1, { ...noCamera, isSpeaking: true })],
  }),
  three: () => ({ participants: [person(0), person(1, { isSpeaking: true }), person(2, noCamera)] }),
  six: () => ({
    participants: [
      ...people(3),
      person(3, { ...noCamera, isSpeaking: true }),
      person(4, { isAudioMuted: true, quality: 'fair' }),
      person(5, { quality: 'lost' }),
    ],
  }),
  fifty: () => ({
    participants: [person(0), ...Array.from({ length: 49 }, (_, index) => person(index + 1, noCamera))],
  }),
  screen: () => ({
    participants: [person(0), person(1, { screen: screenPicture(), isSpeaking: true }), person(2, noCamera)],
  }),
  sharing: () => ({ participants: people(2), local: { ...calm.local, isScreenSharing: true } }),
  spotlight: () => ({ mode: 'SPOTLIGHT', participants: people(4), dominantSpeakerId: '00000002' }),
  reconnecting: () => ({ state: 'reconnecting', participants: people(2) }),
  problems: () => ({
    participants: [person(0, noCamera), person(1)],
    local: { ...calm.local, hasCamera: false, isVideoMuted: true },
    isAudioPlaybackBlocked: true,
    problems: [REFUSED],
  }),
  people: () => ({
    isParticipantListShown: true,
    participants: [
      person(0),
      person(1, { isHandRaised: true }),
      person(2, { ...noCamera, isAudioMuted: true }),
      person(3, { isSpeaking: true }),
    ],
  }),
  'video-request': () => ({
    isAudioOnly: true,
    local: audioOnly,
    participants: [person(0, noCamera), person(1, noCamera)],
    videoRequest: { participantId: '00000001', name: 'Ben Okafor' },
  }),
  sidebar: () => ({ mode: 'SIDEBAR', participants: people(5), dominantSpeakerId: '00000003' }),
  'fifty-people': () => ({
    isParticipantListShown: true,
    participants: [person(0), ...Array.from({ length: 49 }, (_, index) => person(index + 1, noCamera))],
  }),
  twelve: () => ({
    participants: [...people(9), person(9, { ...noCamera, isHandRaised: true }), person(10, noCamera), person(11)],
  }),
  pinned: () => ({ participants: people(6), pinnedId: '00000004' }),
  host: () => ({
    isParticipantListShown: true,
    participants: [...people(3), person(3, { name: 'Maximiliane-Friederike von Hohenstein-Württemberg' })],
  }),
  idle: () => ({ participants: [person(0)], idleSecondsLeft: 42 }),
  'ended-by-host': () => ({ state: 'ended', endReason: 'closed-by-server', participants: people(3) }),
  ended: () => ({ state: 'ended', endReason: 'failed', participants: people(2) }),
};

declare global {
  interface Window {
    view: FakeView;
    ui: CallUi;
    person: typeof person;
    show: typeof show;
  }
}

const query = new URLSearchParams(location.search);
const flags = (query.get('hide') ?? '').split(',');
const options: CallUiOptions = {
  showEndCallButton: !flags.includes('end'),
  showMuteAudioButton: !flags.includes('audio'),
  showPauseVideoButton: !flags.includes('video'),
  showScreenShareButton: !flags.includes('screen'),
  showModeButton: !flags.includes('mode'),
  showSwitchToVideoCallButton: !flags.includes('to-video'),
  showParticipantListButton: !flags.includes('people'),
  showRaiseHandButton: !flags.includes('hand'),
  showPictureInPictureButton: !flags.includes('pip'),
  mainVideo: {
    aspectRatio: 'default',
    fullScreenButton: { position: 'top-right', visibility: true },
    nameLabel: { position: 'bottom-left', visibility: true, color: '' },
    networkLabel: { position: 'bottom-left', visibility: true },
  },
  customCss: query.get('css') ?? '',
  strings: JSON.parse(query.get('strings') ?? '{}') as Record<string, string>,
};
document.documentElement.dir = query.get('dir') ?? 'ltr';
/** Shows another scene in the same page. */
function show(scene: string): void {
  (window.ui as CallUi | undefined)?.dispose();
  window.view = new FakeView({ ...calm, ...SCENES[scene]!() });
  window.ui = mountCallUi(document.getElementById('call')!, window.view, options);
}

Object.assign(window, { show, person });
show(query.get('scene') ?? 'conversation');
