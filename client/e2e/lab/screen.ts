/** A moving picture of a document, as a shared screen. */
export function screenPicture(): MediaStreamTrack {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 800 });
  const context = canvas.getContext('2d')!;
  const draw = () => {
    const seconds = performance.now() / 1000;
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
  };
  draw();
  setInterval(draw, 100);
  return canvas.captureStream(10).getVideoTracks()[0]!;
}
