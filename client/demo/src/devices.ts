/** Asks for microphone and camera before anybody is called, so that a refusal is seen in time. */

/** What stands in the way of a call, in words, and whether it could go on with sound only. */
export interface DeviceProblem {
  readonly title: string;
  readonly help: string;
  readonly canUseAudioOnly: boolean;
}

const HOW_TO_ALLOW =
  'Click the symbol to the left of the address, allow it for this page, then try again. On a phone, look in the browser’s site settings.';

/**
 * Null when the devices may be used; they are let go at once, the call opens them again. With `isPermissionEnough` false they
 * are opened even where the browser would not ask.
 */
export async function askForDevices(isVideo: boolean, isPermissionEnough = true): Promise<DeviceProblem | null> {
  if (!window.isSecureContext) {
    return {
      title: 'This address is not secure enough for calls',
      help: 'Browsers give microphone and camera only to pages opened over https:// or on localhost. Open this page that way.',
      canUseAudioOnly: false,
    };
  }
  if (!('RTCPeerConnection' in window)) {
    return {
      title: 'This browser cannot make calls',
      help: 'Use a current Chrome, Edge, Firefox or Safari.',
      canUseAudioOnly: false,
    };
  }
  const isAudioFine = await tryToOpen({ audio: true }, isPermissionEnough);
  if (isAudioFine !== null) {
    return problem('microphone', isAudioFine, false);
  }
  const isVideoFine = isVideo ? await tryToOpen({ video: true }, isPermissionEnough) : null;
  return isVideoFine === null ? null : problem('camera', isVideoFine, true);
}

/** The name of the error, or null when it opened. */
async function tryToOpen(constraints: MediaStreamConstraints, isPermissionEnough: boolean): Promise<string | null> {
  const name = (constraints.audio === true ? 'microphone' : 'camera') as PermissionName;
  const permission = await navigator.permissions.query({ name }).catch(() => null);
  if (isPermissionEnough && permission?.state === 'granted') {
    return null;
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    stream.getTracks().forEach((track) => track.stop());
    return null;
  } catch (error) {
    return error instanceof DOMException ? error.name : 'UnknownError';
  }
}

function problem(device: 'microphone' | 'camera', errorName: string, canUseAudioOnly: boolean): DeviceProblem {
  switch (errorName) {
    case 'NotAllowedError':
      return { title: `This page may not use your ${device}`, help: HOW_TO_ALLOW, canUseAudioOnly };
    case 'NotFoundError':
      return { title: `No ${device} was found`, help: `Connect a ${device}, then try again.`, canUseAudioOnly };
    case 'NotReadableError':
      return {
        title: `Your ${device} is in use`,
        help: `Another program is using it. Close that program, then try again.`,
        canUseAudioOnly,
      };
    default:
      return {
        title: `Your ${device} could not be opened`,
        help: 'Unplug it, plug it in again, then try again.',
        canUseAudioOnly,
      };
  }
}
