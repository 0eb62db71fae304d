/* A what-if as a link and as a file: the sites that open and close relative to the plan. */
(function () {
  'use strict';

  const ids = (list) => list.map(encodeURIComponent).join(',');
  const parse = (text) => (text ? text.split(',').map(decodeURIComponent) : []);

  planMap.whatIfFragment = (opened, closed) => `#whatif=open:${ids(opened)};close:${ids(closed)}`;

  /* {opened, closed}, or null where the fragment holds no what-if. */
  planMap.readWhatIf = function (fragment) {
    const found = /^#whatif=open:([^;]*);close:([^;]*)$/.exec(fragment);
    try {
      return found && { opened: parse(found[1]), closed: parse(found[2]) };
    } catch (broken) {
      return null;
    }
  };

  const rounded = (value) => (value === null ? null : Math.round(1e6 * value) / 1e6);

  planMap.whatIfFile = function (data, name, open, opened, closed, figures) {
    const cost = planMap.costOf(data.sites, open);
    return {
      schema: 1,
      kind: 'what_if',
      name,
      plan: { name: data.name, fingerprint: data.fingerprint },
      open: data.sites.id.filter((id, place) => open[place]),
      opened,
      closed,
      needs: data.needs.map((need, place) => ({
        ...need.head,
        people: rounded(figures[place].people),
        covered: rounded(figures[place].covered),
        share_covered: rounded(figures[place].share),
        mean_walk_min: rounded(figures[place].mean),
        unreachable: data.walks[need.walks].complete ? rounded(figures[place].unreachable) : null,
      })),
      cost_cny: cost === null ? null : cost / 100,
    };
  };

  planMap.download = function (name, text) {
    const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
    const link = planMap.element('a', '');
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };

  /* The clipboard of a page opened from a file may be closed to scripts: then the text is selected in a field. */
  planMap.copy = async function (text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (closed) {
      const field = planMap.element('textarea', '');
      field.value = text;
      document.body.append(field);
      field.select();
      const done = document.execCommand('copy');
      field.remove();
      return done;
    }
  };
})();
