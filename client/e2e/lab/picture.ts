/** A moving picture without a camera: somebody before a coloured wall. */
export function facePicture(hue: number): MediaStreamTrack {
  return picture(640, 360, (context, seconds) => {
    const wall = context.createLinearGradient(0, 0, 640, 360);
    wall.addColorStop(0, `hsl(${hue} 30% 62%)`);
    wall.addColorStop(1, `hsl(${hue + 40} 34% 38%)`);
    context.fillStyle = wall;
    context.fillRect(0, 0, 640, 360);
    const x = 320 + Math.sin(seconds + hue) * 10;
    context.fillStyle = `hsl(${hue + 180} 30% 30%)`;
    context.beginPath();
    context.ellipse(x, 380, 150, 130, 0, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = `hsl(${24 + (hue % 12)} 45% ${50 + (hue % 25)}%)`;
    context.beginPath();
    context.ellipse(x, 170, 66, 84, 0, 0, 2 * Math.PI);
    context.fill();
  });
}

/** A moving picture of a document. */
export function screenPicture(): MediaStreamTrack {
  return picture(1280, 800, (context, seconds) => {
    context.fillStyle = '#fdfdfb';
    context.fillRect(0, 0, 1280, 800);
    context.fillStyle = '#22313a';
    context.font = 'bold 44px sans-serif';
    context.fillText('Quarterly figures', 80, 110);
    for (let bar = 0; bar < 8; bar++) {
      const height = 120 + 70 * Math.sin(bar + seconds / 3) + bar * 40;
      context.fillStyle = bar === 5 ? '#0f7b68' : '#9fc7bd';
      context.fillRect(90 + bar * 140, 740 - height, 96, height);
    }
  });
}

function picture(
  width: number,
  height: number,
  draw: (context: CanvasRenderingContext2D, seconds: number) => void,
): MediaStreamTrack {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const context = canvas.getContext('2d')!;
  const frame = () => draw(context, performance.now() / 1000);
  frame();
  setInterval(frame, 100);
  return canvas.captureStream(10).getVideoTracks()[0]!;
}
