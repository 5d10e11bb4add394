import type { EngineView, ParticipantView, SessionSnapshot } from '../engine/view.js';
import { h, iconButton, setIcon, setLabel, setShown, setText } from './dom.js';
import { statusText } from './notices.js';
import { Stage } from './stage.js';
import { type CallStrings, initials } from './strings.js';
import { STYLES } from './styles.js';

/** https://wicg.github.io/document-picture-in-picture/ */
interface DocumentPictureInPicture {
  readonly window: Window | null;
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

declare global {
  interface Window {
    readonly documentPictureInPicture?: DocumentPictureInPicture;
  }
}

const SIZE_PX = { width: 380, height: 285 };

/** A window narrower than this shows who speaks; a wider one what the call's own layout shows. */
const SPEAKER_ONLY_BELOW_PX = 520;

/** One way of having a small window. */
interface SmallWindow {
  update(snapshot: SessionSnapshot): void;
  close(): void;
}

/** True where the browser has a small window of either kind. */
export function canShowPictureInPicture(): boolean {
  return window.documentPictureInPicture !== undefined || document.pictureInPictureEnabled;
}

/**
 * The call in a small window on top of others: the call with its most needed buttons where the browser lets a page put its own
 * elements there (Document Picture-in-Picture), else the picture of who speaks (video picture-in-picture).
 */
export class PictureInPicture {
  private isWanted = false;
  private opened: SmallWindow | null = null;

  constructor(
    private readonly view: EngineView,
    private readonly strings: CallStrings,
    private readonly customCss: string,
  ) {}

  /** Opens, draws and closes as the snapshot says. */
  update(snapshot: SessionSnapshot): void {
    const wasWanted = this.isWanted;
    this.isWanted = snapshot.isPictureInPicture;
    if (this.isWanted && !wasWanted) {
      void this.open();
    } else if (!this.isWanted) {
      this.dispose();
    }
    this.opened?.update(snapshot);
  }

  dispose(): void {
    this.isWanted = false;
    const { opened } = this;
    this.opened = null;
    opened?.close();
  }

  private async open(): Promise<void> {
    const onClosed = () => {
      this.opened = null;
      this.view.showPictureInPicture(false);
    };
    try {
      const opened = window.documentPictureInPicture
        ? await openDocument(window.documentPictureInPicture, this.view, this.strings, this.customCss, onClosed)
        : await openVideo(this.view, onClosed);
      // It may be wanted no more, or have been opened a second time, by the time it is there.
      if (!this.isWanted || this.opened !== null) {
        opened.close();
        return;
      }
      this.opened = opened;
      opened.update(this.view.snapshot);
    } catch {
      this.view.showPictureInPicture(false); // the browser has none, or opens it after a click only
    }
  }
}

/** The call itself, small. */
async function openDocument(
  api: DocumentPictureInPicture,
  view: EngineView,
  strings: CallStrings,
  customCss: string,
  onClosed: () => void,
): Promise<SmallWindow> {
  const small = await api.requestWindow(SIZE_PX);
  const page = small.document;
  page.documentElement.lang = document.documentElement.lang;
  page.documentElement.dir = document.documentElement.dir;
  page.title = strings.callLabel;
  page.body.style.cssText = `margin: 0; height: 100vh; overflow: hidden; font-family: ${getComputedStyle(document.body).fontFamily}`;
  const host = page.createElement('div');
  page.body.append(host);
  const stage = new Stage(view, strings);
  const status = h('div', { class: 'status', role: 'status' });
  const microphone = iconButton('mic', '', () => {
    view.buttonPressed('microphone');
    void view.setAudioMuted(!view.snapshot.local.isAudioMuted);
  });
  const camera = iconButton('camera', '', () => {
    view.buttonPressed('camera');
    void view.setVideoMuted(!view.snapshot.local.isVideoMuted);
  });
  const back = iconButton('pip', strings.exitPictureInPicture, () => view.showPictureInPicture(false));
  const endCall = iconButton('hangUp', strings.endCall, () => {
    view.buttonPressed('end');
    view.pressEndCall();
  });
  endCall.classList.add('hang-up');
  const controls = h('div', { class: 'controls', role: 'toolbar', 'aria-label': strings.callLabel });
  controls.append(microphone, camera, back, endCall);
  stage.element.append(status);
  const room = h('div', { class: 'room' }, h('div', { class: 'pictures' }, stage.element));
  const call = h('div', { class: 'call is-small', role: 'region', 'aria-label': strings.callLabel }, room, controls);
  host.attachShadow({ mode: 'open' }).append(h('style', {}, STYLES), h('style', {}, customCss), call);

  const arrange = () => {
    const isSmall = small.innerWidth < SPEAKER_ONLY_BELOW_PX;
    stage.arrange({ mode: isSmall ? 'SPOTLIGHT' : view.snapshot.mode, page: 0, isSmall });
  };
  let isClosed = false;
  const close = () => {
    if (!isClosed) {
      isClosed = true;
      stage.dispose();
      small.close();
    }
  };
  small.addEventListener('resize', arrange);
  small.addEventListener('pagehide', () => {
    if (!isClosed) {
      close();
      onClosed();
    }
  });
  return {
    update(snapshot) {
      const { isAudioMuted, isVideoMuted, canSendVideo } = snapshot.local;
      stage.update(snapshot);
      setIcon(microphone, isAudioMuted ? 'micOff' : 'mic');
      setLabel(microphone, isAudioMuted ? strings.unmuteAudio : strings.muteAudio);
      microphone.classList.toggle('is-off', isAudioMuted);
      setIcon(camera, isVideoMuted ? 'cameraOff' : 'camera');
      setLabel(camera, isVideoMuted ? strings.resumeVideo : strings.pauseVideo);
      camera.classList.toggle('is-off', isVideoMuted);
      setShown(camera, canSendVideo);
      const isAway = snapshot.state === 'reconnecting';
      const words = isAway ? strings.reconnecting : statusText(snapshot, strings);
      call.classList.toggle('is-dimmed', isAway);
      setShown(status, words !== null);
      setText(status, words ?? '');
      arrange();
    },
    close,
  };
}

/** The picture of who speaks; the browser draws its own buttons over it. */
async function openVideo(view: EngineView, onClosed: () => void): Promise<SmallWindow> {
  const video = h('video', { playsinline: '' });
  video.muted = true; // the engine plays the sound
  const still = new Still();
  const show = (snapshot: SessionSnapshot) => {
    const speaker = speakerOf(snapshot);
    const track = speaker?.screen ?? speaker?.camera ?? still.of(speaker?.name ?? '');
    const shown = video.srcObject instanceof MediaStream ? video.srcObject.getVideoTracks()[0] : undefined;
    if (shown !== track) {
      video.srcObject = new MediaStream([track]);
      video.play().catch(() => undefined);
    }
  };
  show(view.snapshot);
  if (video.readyState < HTMLMediaElement.HAVE_METADATA) {
    await new Promise((resolve) => video.addEventListener('loadedmetadata', resolve, { once: true }));
  }
  await video.requestPictureInPicture();
  const stopButtons = offerButtons(view);
  let isClosed = false;
  const clear = () => {
    isClosed = true;
    stopButtons();
    still.stop();
    video.srcObject = null;
  };
  video.addEventListener('leavepictureinpicture', () => {
    if (!isClosed) {
      clear();
      onClosed();
    }
  });
  return {
    update: show,
    close() {
      if (!isClosed) {
        void document.exitPictureInPicture().catch(() => undefined);
        clear();
      }
    },
  };
}

/** Who is to be seen: a shared screen, the pinned one, who speaks, or else whoever is there. */
function speakerOf({ participants, pinnedId, dominantSpeakerId }: SessionSnapshot): ParticipantView | undefined {
  const others = participants.filter(({ isLocal }) => !isLocal);
  return (
    others.find(({ id, screen }) => screen !== null || id === pinnedId) ??
    others.find(({ id }) => id === dominantSpeakerId) ??
    others[0] ??
    participants[0]
  );
}

/** Microphone, camera and hang-up among the browser's own buttons, where it has them. Returns the function that takes them back. */
function offerButtons(view: EngineView): () => void {
  const buttons: Readonly<Record<string, () => void>> = {
    togglemicrophone: () => void view.setAudioMuted(!view.snapshot.local.isAudioMuted),
    togglecamera: () => void view.setVideoMuted(!view.snapshot.local.isVideoMuted),
    hangup: () => view.pressEndCall(),
  };
  const set = (isOffered: boolean) => {
    for (const [action, press] of Object.entries(buttons)) {
      try {
        navigator.mediaSession.setActionHandler(action as MediaSessionAction, isOffered ? press : null);
      } catch {
        // A browser that does not know the button goes without it.
      }
    }
  };
  set(true);
  return () => set(false);
}

/** Initials as a picture, for a window that can show a video only. */
class Still {
  private name = '';
  private track: MediaStreamTrack | null = null;

  of(name: string): MediaStreamTrack {
    if (this.track !== null && this.name === name) {
      return this.track;
    }
    this.stop();
    this.name = name;
    const canvas = h('canvas', { width: '640', height: '360' });
    const context = canvas.getContext('2d');
    const stream = canvas.captureStream(2);
    if (context !== null) {
      context.fillStyle = '#172123';
      context.fillRect(0, 0, 640, 360);
      context.fillStyle = '#edf4f2';
      context.font = '600 120px sans-serif';
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillText(initials(name), 320, 180);
    }
    const [track] = stream.getVideoTracks();
    if (track === undefined) {
      throw new Error('a canvas gave no picture');
    }
    this.track = track;
    return track;
  }

  stop(): void {
    this.track?.stop();
    this.track = null;
  }
}
