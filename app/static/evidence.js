// Evidence: a large picture is made smaller before it is sent. What cannot be drawn here goes as it is.
const MANY_PIXELS = 2000, MANY_BYTES = 2_000_000;
const input = document.getElementById('file');
const longest = Number(input?.dataset.longest);

async function smaller(file) {
  const picture = await createImageBitmap(file);
  const side = Math.max(picture.width, picture.height);
  if (side <= MANY_PIXELS && file.size <= MANY_BYTES) return file;
  const share = Math.min(1, longest / side);
  const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(picture.width * share), height: Math.round(picture.height * share) });
  const drawing = canvas.getContext('2d');
  drawing.imageSmoothingQuality = 'high';
  drawing.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const encode = (type) => new Promise((done) => { canvas.toBlob(done, type, 0.85); });
  let drawn = await encode(file.type);
  if (drawn.size > MANY_BYTES) {
    // A photo that was saved as PNG: what is transparent in it becomes white, not black.
    drawing.globalCompositeOperation = 'destination-over';
    drawing.fillStyle = 'white';
    drawing.fillRect(0, 0, canvas.width, canvas.height);
    drawn = await encode('image/jpeg');
  }
  return drawn.size < file.size ? new File([drawn], file.name, { type: drawn.type }) : file;
}

let isSending = false;
input?.form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (isSending) return;
  isSending = true;
  const [file] = input.files;
  if (['image/jpeg', 'image/png'].includes(file?.type)) try {
    const one = new DataTransfer();
    one.items.add(await smaller(file));
    input.files = one.files;
  } catch {}
  input.form.submit();
  isSending = false;
});
