package io.kerf.report;

/** Something that knows how it looks: as HTML in a notebook, as text anywhere else. */
public interface Shown {
  /** A fragment of HTML, whatever it holds of data escaped. */
  String html();

  /** The same as plain text, without a last line break. */
  String text();
}
