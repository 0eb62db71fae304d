/* What every panel has: the switch of language, and on a narrow screen a sheet that folds. */
(function () {
  'use strict';

  planMap.switchLanguage = function (node, data) {
    const buttons = [...node.querySelectorAll('[data-language]')];
    const mark = (language) => {
      buttons.forEach((button) => button.setAttribute('aria-pressed', String(button.dataset.language === language)));
      document.title = data.title[language === 'en' ? 1 : 0];
    };
    document.addEventListener('planlanguage', (event) => mark(event.detail));
    buttons.forEach((button) => button.addEventListener('click', () => planMap.setLanguage(button.dataset.language)));
    planMap.setLanguage(planMap.language() === 'en' || data.language === 'en' ? 'en' : 'zh');
  };

  /* On a narrow screen the panel is a sheet at the lower edge that opens and closes. */
  planMap.foldSheet = function (map, node) {
    const handle = node.querySelector('.pm-handle');
    const fold = (open) => {
      node.classList.toggle('pm-open', open);
      handle.setAttribute('aria-expanded', String(open));
    };
    const measure = () => {
      if (node.classList.contains('pm-open') || planMap.printing) return;
      document.documentElement.style.setProperty('--pm-sheet', `${node.offsetHeight - 14}px`);
      map.invalidateSize({ animate: false });
    };
    new ResizeObserver(measure).observe(node);
    measure();
    handle.addEventListener('click', () => fold(!node.classList.contains('pm-open')));
    node.addEventListener('planfold', () => fold(false));
    node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && node.classList.contains('pm-open')) {
        fold(false);
        handle.focus();
      }
    });
  };
})();
