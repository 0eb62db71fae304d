/* Both languages stand in the page; the language of <html> decides which one is seen. Data only ever becomes text. */
(function () {
  'use strict';

  const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

  planMap.element = function (tag, className, ...children) {
    const node = document.createElement(tag);
    if (className) node.className = className;
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  };

  /* A pair [Chinese, English] as a fragment of two spans, a plain string as text. */
  planMap.words = function (pair) {
    if (!Array.isArray(pair)) return document.createTextNode(String(pair));
    if (pair[0] === pair[1]) return document.createTextNode(pair[0]);
    const both = document.createDocumentFragment();
    [['zh', 'zh-Hans'], ['en', 'en']].forEach(([language, code], side) => {
      const span = planMap.element('span', `pm-${language}`, String(pair[side]));
      span.lang = code;
      both.append(span);
    });
    return both;
  };

  planMap.language = () => (document.documentElement.lang === 'en' ? 'en' : 'zh');
  planMap.inLanguage = (pair) => (Array.isArray(pair) ? pair[planMap.language() === 'en' ? 1 : 0] : String(pair));

  /* Attributes cannot hold two languages: they are kept beside the node and written when the language changes. */
  planMap.nameControl = function (node, pair, attribute = 'aria-label') {
    node.dataset.zh = pair[0];
    node.dataset.en = pair[1];
    node.dataset.named = attribute;
    node.setAttribute(attribute, planMap.inLanguage(pair));
  };

  planMap.setLanguage = function (language) {
    document.documentElement.lang = language === 'en' ? 'en' : 'zh-Hans';
    document.querySelectorAll('[data-named]').forEach((node) => {
      node.setAttribute(node.dataset.named, node.dataset[language]);
    });
    document.dispatchEvent(new CustomEvent('planlanguage', { detail: language }));
  };

  /* fill(["{n} 人", "{n} people"], {n: 3}) */
  planMap.fill = (pair, values) =>
    pair.map((text, side) =>
      text.replace(/\{(\w+)\}/g, (whole, key) => {
        const value = values[key];
        return Array.isArray(value) ? value[side] : String(value);
      })
    );

  planMap.count = (value) => (value === null ? '—' : number.format(value));
  planMap.decimal = (value) => (value === null ? '—' : decimal.format(value));
  planMap.percent = (share) => {
    if (share === null) return '—';
    const shown = `${(100 * share).toFixed(1)}%`;
    if (shown === '100.0%' && share < 1) return '>99.9%';
    return shown === '0.0%' && share > 0 ? '<0.1%' : shown;
  };
  planMap.people = (value) => planMap.fill(['{n} 人', '{n}'], { n: planMap.count(value) });
  planMap.minutes = (value) => planMap.fill(['{n} 分钟', '{n} min'], { n: planMap.decimal(value) });
})();
