/* Binary data of the page (see bytes.py): base64 of raw deflate, unpacked by the browser itself. */
(function () {
  'use strict';

  /* What to tell where a browser is too old; the error that `planMap.bytes` rejects with carries it as `words`. */
  planMap.NO_UNPACKING = [
    '此浏览器版本过旧，无法展开页内压缩数据；其余内容不受影响，请更新浏览器后再用此功能。',
    'This browser is too old to unpack the compressed data in this page. Everything else works; update the browser to use this.',
  ];

  /* Chromium before 80 and Firefox before 113 cannot: what rests on binary data is then left out, with a sentence. */
  planMap.canUnpack = () => typeof DecompressionStream === 'function';

  /* The data of a block by its id -> Promise of a Uint8Array. */
  planMap.bytes = async function (id) {
    if (!planMap.canUnpack()) {
      throw Object.assign(new Error(planMap.NO_UNPACKING[1]), { words: planMap.NO_UNPACKING });
    }
    const packed = atob(document.getElementById(id).textContent);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  };
})();
