import { CometChat } from '@belfry/sdk';
import { useEffect, useRef, useState } from 'react';
import { openTestSession, type Path, type Reading, tryConnection, UnreachableError, verdictOf } from './connection';
import { Icon } from './Icon';
import { playOn } from './sounds';
import { useTestDevices, type TestDevices } from './useTestDevices';
import { errorInWords } from './words';

const MEASURE_MS = 4000;

/** Camera, microphone and speaker, then the way to the server, tried before a call needs them. */
export function SetupTest({ me, onClose }: { readonly me: CometChat.User; readonly onClose: () => void }) {
  const devices = useTestDevices();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="setup" aria-labelledby="setup-title">
      <header className="setup-header">
        <button type="button" className="round" onClick={onClose} aria-label="Back" title="Back">
          <Icon name="back" />
        </button>
        <h1 id="setup-title" ref={heading} tabIndex={-1}>
          Test my setup
        </h1>
      </header>
      <div className="setup-parts">
        <Devices devices={devices} />
        <Connection stream={devices.stream} authToken={me.getAuthToken()} />
      </div>
    </section>
  );
}

function Devices({ devices }: { readonly devices: TestDevices }) {
  const { stream, problem, cameras, microphones, speakers } = devices;
  const video = useRef<HTMLVideoElement>(null);
  const hasCamera = (stream?.getVideoTracks().length ?? 0) > 0;
  useEffect(() => {
    if (video.current !== null) {
      video.current.srcObject = stream;
    }
  }, [stream, hasCamera]);
  return (
    <section className="card setup-part" aria-labelledby="setup-devices">
      <h2 id="setup-devices">Camera and microphone</h2>
      <div className="setup-preview">
        {hasCamera ? (
          <video ref={video} autoPlay playsInline muted aria-label="Your camera" />
        ) : (
          <p>{stream === null && problem === null ? 'Opening your devices…' : 'No picture'}</p>
        )}
      </div>
      {problem !== null && (
        <div className="error" role="alert">
          <strong>{problem.title}</strong>
          <p>{problem.help}</p>
          <button type="button" className="link" onClick={devices.retry}>
            Try again
          </button>
        </div>
      )}
      {stream !== null && <Level stream={stream} />}
      <Choice label="Camera" devices={cameras} chosen={devices.cameraId} onChoose={devices.chooseCamera} />
      <Choice
        label="Microphone"
        devices={microphones}
        chosen={devices.microphoneId}
        onChoose={devices.chooseMicrophone}
      />
      <Choice label="Speaker" devices={speakers} chosen={devices.speakerId} onChoose={devices.chooseSpeaker} />
      <SoundButton speakerId={devices.speakerId} />
    </section>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly devices: readonly MediaDeviceInfo[];
  readonly chosen: string;
  readonly onChoose: (deviceId: string) => void;
}

function Choice({ label, devices, chosen, onChoose }: ChoiceProps) {
  if (devices.length === 0) {
    return null;
  }
  return (
    <label className="setup-choice">
      <span>{label}</span>
      <select value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label === '' ? `${label} ${index + 1}` : device.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** How loud the microphone is, drawn without a render for every frame. */
function Level({ stream }: { readonly stream: MediaStream }) {
  const meter = useRef<HTMLDivElement>(null);
  const [isHeard, setHeard] = useState(false);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    const draw = () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // From −60 dB to full scale.
      const level = Math.min(1, Math.max(0, 1 + Math.log10(Math.max(power, 1e-9)) / 6));
      meter.current?.style.setProperty('--level', level.toFixed(2));
      meter.current?.setAttribute('aria-valuenow', String(Math.round(level * 100)));
      if (level > 0.3) {
        setHeard(true);
      }
      frame = requestAnimationFrame(draw);
    };
    void context.resume();
    draw();
    return () => {
      cancelAnimationFrame(frame);
      void context.close();
    };
  }, [stream]);
  return (
    <div className="setup-level">
      <span>{isHeard ? 'Your microphone works.' : 'Say something: the bar should move.'}</span>
      <div
        ref={meter}
        className="setup-meter"
        role="meter"
        aria-label="Microphone level"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={0}
      />
    </div>
  );
}

function SoundButton({ speakerId }: { readonly speakerId: string }) {
  const [isPlaying, setPlaying] = useState(false);
  useEffect(() => {
    if (!isPlaying) {
      return;
    }
    const stop = playOn(speakerId);
    const timer = setTimeout(() => setPlaying(false), 2500);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [isPlaying, speakerId]);
  return (
    <button type="button" className="button quiet-button" disabled={isPlaying} onClick={() => setPlaying(true)}>
      {isPlaying ? 'Do you hear it?' : 'Play a sound'}
    </button>
  );
}

type Trial =
  | { readonly is: 'waiting' }
  | { readonly is: 'running'; readonly reading: Reading | null }
  | { readonly is: 'done'; readonly reading: Reading; readonly hasVideo: boolean; readonly isTcpFine: boolean }
  | { readonly is: 'failed'; readonly title: string; readonly help: string };

const PATHS: Readonly<Record<Path, string>> = { udp: 'UDP', tcp: 'TCP', relay: 'Relay' };

interface ConnectionProps {
  readonly stream: MediaStream | null;
  readonly authToken: string;
}

function Connection({ stream, authToken }: ConnectionProps) {
  const [trial, setTrial] = useState<Trial>({ is: 'waiting' });

  const run = async (tracks: readonly MediaStreamTrack[]): Promise<void> => {
    setTrial({ is: 'running', reading: null });
    try {
      const session = await openTestSession(authToken);
      const show = (reading: Reading) => setTrial({ is: 'running', reading });
      const reading = await tryConnection(session, tracks, MEASURE_MS, show);
      const hasVideo = tracks.some(({ kind }) => kind === 'video');
      // Where UDP works the browser takes it; whether TCP would be there, too, is asked apart.
      const isTcpFine =
        reading.path === 'tcp' ||
        (await tryConnection(session, tracks.slice(0, 1), 0, () => undefined, 'tcp').then(
          () => true,
          () => false,
        ));
      setTrial({ is: 'done', reading, hasVideo, isTcpFine });
    } catch (thrown) {
      setTrial(
        thrown instanceof UnreachableError
          ? {
              is: 'failed',
              title: 'The media server cannot be reached',
              help: 'Your network lets through neither UDP nor TCP to it. Try another network, or ask who runs yours.',
            }
          : { is: 'failed', title: 'The test could not be run', help: errorInWords(thrown, '') },
      );
    }
  };

  return (
    <section className="card setup-part" aria-labelledby="setup-connection" aria-busy={trial.is === 'running'}>
      <h2 id="setup-connection">Connection</h2>
      <p className="quiet">Sends your sound and picture to the server, as a call does. Nobody else sees or hears it.</p>
      {(trial.is === 'running' || trial.is === 'done') && <Figures trial={trial} />}
      {trial.is === 'done' && <Outcome trial={trial} />}
      {trial.is === 'failed' && (
        <div className="error" role="alert">
          <strong>{trial.title}</strong>
          <p>{trial.help}</p>
        </div>
      )}
      <button
        type="button"
        className="button"
        disabled={stream === null || trial.is === 'running'}
        onClick={() => void run(stream?.getTracks() ?? [])}
      >
        {trial.is === 'running' ? 'Testing…' : trial.is === 'waiting' ? 'Test the connection' : 'Test again'}
      </button>
    </section>
  );
}

function Figures({ trial }: { readonly trial: Extract<Trial, { is: 'running' | 'done' }> }) {
  const { reading } = trial;
  const rows: readonly [name: string, value: string][] = [
    ['Way to the server', reading?.path == null ? '…' : PATHS[reading.path]],
    ['TCP, where UDP is blocked', trial.is === 'running' ? '…' : trial.isTcpFine ? 'Works' : 'Does not work'],
    ['There and back', reading?.roundTripMs == null ? '…' : `${reading.roundTripMs} ms`],
    ['Sent', reading === null ? '…' : `${reading.sentKbps} kbit/s`],
    ['Could send', reading?.roomKbps == null ? '…' : `${reading.roomKbps} kbit/s`],
    ['Lost', reading?.lossPercent == null ? '…' : `${reading.lossPercent} %`],
  ];
  return (
    <dl className="setup-figures">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Outcome({ trial }: { readonly trial: Extract<Trial, { is: 'done' }> }) {
  const { grade, title, advice } = verdictOf(trial.reading, trial.hasVideo);
  return (
    <div className={`setup-verdict is-${grade}`} role="status">
      <strong>{title}</strong>
      <p>{advice}</p>
    </div>
  );
}
