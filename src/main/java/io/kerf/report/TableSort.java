package io.kerf.report;

/**
 * What makes a shown table sort by the column whose heading is pressed: first rising, then falling,
 * then as it was. Headings become buttons, so that a keyboard reaches them; without scripts, as in
 * a notebook that is not trusted, the table is a plain one.
 *
 * <p>The script is the same for every table and holds nothing of the data.
 */
final class TableSort {
  /** Fewer rows are seen at a glance. */
  static final int FEWEST_ROWS = 6;

  /** What the script looks for. */
  static final String CLASS = "kerf-sort";

  static final String STYLE =
      """
      table.kerf-table.kerf-table th button{all:unset;cursor:pointer;font:inherit;color:inherit;\
      position:relative}
      table.kerf-table.kerf-table th button:focus-visible{outline:2px solid #56B4E9;\
      outline-offset:1px}
      table.kerf-table.kerf-table th button::after{content:"\\2195";opacity:.35;font-size:11px;\
      font-weight:400;position:absolute;left:100%;bottom:0;padding-left:1px}
      table.kerf-table.kerf-table th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}
      table.kerf-table.kerf-table th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
      """;

  /**
   * Looks for tables that it has not seen. Numbers, whose headings have the class kerf-n, are
   * compared as numbers, cells without a value come last, and totals stay where they are.
   */
  static final String SCRIPT =
      """
      <script>
      (() => {
        const text = new Intl.Collator(undefined, {numeric: true});
        for (const table of document.querySelectorAll('table.kerf-sort:not([data-kerf-sorts])')) {
          table.dataset.kerfSorts = 'yes';
          table.dataset.lmSuppressShortcuts = 'true'; // else JupyterLab takes Enter and Space
          const heads = [...table.tHead.rows[0].cells];
          const body = table.tBodies[0], rows = [...body.rows];
          heads.forEach((head, column) => {
            const number = head.classList.contains('kerf-n');
            const read = row => {
              const cell = row.cells[column].textContent;
              if (cell === '\u2013') return null;
              if (!number) return cell;
              const value = Number(cell.replace(/[,<]/g, ''));
              return cell.startsWith('<') ? value / 2 : value;
            };
            const button = document.createElement('button');
            button.type = 'button';
            button.append(...head.childNodes);
            head.append(button);
            button.addEventListener('click', () => {
              const next =
                {ascending: 'descending', descending: ''}[head.getAttribute('aria-sort')] ?? 'ascending';
              heads.forEach(other => other.removeAttribute('aria-sort'));
              const sorted = [...rows];
              if (next) {
                head.setAttribute('aria-sort', next);
                const sign = next === 'ascending' ? 1 : -1;
                sorted.sort((one, two) => {
                  const a = read(one), b = read(two);
                  if (a === null || b === null) return (a === null) - (b === null);
                  return sign * (number ? a - b : text.compare(a, b));
                });
              }
              body.append(...sorted);
            });
          });
        }
      })();
      </script>""";

  private TableSort() {}
}
