import { useEffect, useState } from 'react';
import { askForDevices, type DeviceProblem } from './devices';

/** Camera and microphone as they are tried, and what else there is to choose. */
export interface TestDevices {
  readonly stream: MediaStream | null;
  /** What is missing; with sound alone there is a stream all the same. */
  readonly problem: DeviceProblem | null;
  readonly cameras: readonly MediaDeviceInfo[];
  readonly microphones: readonly MediaDeviceInfo[];
  /** Empty where the browser lets no page choose. */
  readonly speakers: readonly MediaDeviceInfo[];
  readonly cameraId: string;
  readonly microphoneId: string;
  readonly speakerId: string;
  readonly chooseCamera: (deviceId: string) => void;
  readonly chooseMicrophone: (deviceId: string) => void;
  readonly chooseSpeaker: (deviceId: string) => void;
  readonly retry: () => void;
}

interface Opened {
  readonly stream: MediaStream | null;
  readonly problem: DeviceProblem | null;
  readonly all: readonly MediaDeviceInfo[];
}

/** Opens the devices while the page is shown, and lets them go after it. */
export function useTestDevices(): TestDevices {
  const [wanted, setWanted] = useState({ cameraId: '', microphoneId: '', attempt: 0 });
  const [opened, setOpened] = useState<Opened>({ stream: null, problem: null, all: [] });
  const [speakerId, setSpeakerId] = useState('');

  useEffect(() => {
    let isWanted = true;
    let stream: MediaStream | null = null;
    void open(wanted.cameraId, wanted.microphoneId).then((now) => {
      stream = now.stream;
      if (isWanted) {
        setOpened(now);
      } else {
        letGo(stream);
      }
    });
    return () => {
      isWanted = false;
      letGo(stream);
    };
  }, [wanted]);

  useEffect(() => {
    const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
    const look = () => void mediaDevices?.enumerateDevices().then((all) => setOpened((before) => ({ ...before, all })));
    mediaDevices?.addEventListener('devicechange', look);
    return () => mediaDevices?.removeEventListener('devicechange', look);
  }, []);

  const { stream, problem, all } = opened;
  const ofKind = (kind: MediaDeviceKind) => all.filter((device) => device.kind === kind && device.deviceId !== '');
  const inUse = (kind: 'audio' | 'video') =>
    stream
      ?.getTracks()
      .find((track) => track.kind === kind)
      ?.getSettings().deviceId ?? '';
  const canChooseSpeaker = 'setSinkId' in AudioContext.prototype;
  return {
    stream,
    problem,
    cameras: ofKind('videoinput'),
    microphones: ofKind('audioinput'),
    speakers: canChooseSpeaker ? ofKind('audiooutput') : [],
    cameraId: inUse('video'),
    microphoneId: inUse('audio'),
    speakerId,
    chooseCamera: (cameraId) => setWanted((before) => ({ ...before, cameraId })),
    chooseMicrophone: (microphoneId) => setWanted((before) => ({ ...before, microphoneId })),
    chooseSpeaker: setSpeakerId,
    retry: () => setWanted((before) => ({ ...before, attempt: before.attempt + 1 })),
  };
}

function letGo(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}

async function open(cameraId: string, microphoneId: string): Promise<Opened> {
  let problem = await askForDevices(true);
  let stream: MediaStream | null = null;
  const audio = microphoneId === '' ? true : { deviceId: { exact: microphoneId } };
  const video = { width: 1280, height: 720, ...(cameraId === '' ? {} : { deviceId: { exact: cameraId } }) };
  if (problem === null) {
    stream = await navigator.mediaDevices.getUserMedia({ audio, video }).catch(() => null);
    // Permission was there, the device is not: the question that opens it knows the words.
    problem = stream === null ? await askForDevices(true, false) : null;
  }
  if (stream === null && problem?.canUseAudioOnly === true) {
    stream = await navigator.mediaDevices.getUserMedia({ audio }).catch(() => null);
  }
  const all = window.isSecureContext ? await navigator.mediaDevices.enumerateDevices() : [];
  return { stream, problem, all };
}
