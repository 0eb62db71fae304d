/* Binary data in the page (see bytes.py): base64 of zlib's format, unpacked by the browser itself. */
(function () {
  'use strict';

  /* Chromium before 80 and Firefox before 113 cannot: what rests on binary data is then left out, with a sentence. */
  planMap.canUnpack = () => typeof DecompressionStream === 'function';

  planMap.bytes = async function (id) {
    const text = atob(document.getElementById(id).textContent);
    const packed = Uint8Array.from(text, (character) => character.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
})();
