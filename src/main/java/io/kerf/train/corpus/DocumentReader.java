package io.kerf.train.corpus;

import io.kerf.json.Json;
import io.kerf.progress.Progress;
import io.kerf.rows.DataSet;
import io.kerf.rows.Reading;
import io.kerf.rows.RowIterator;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Map;

/** Reads a corpus document by document, each in parts, and hands them to be tokenised. */
final class DocumentReader {
  private final Corpus corpus;
  private final Tokenising out;
  private final Progress progress;
  private long left; // documents that may still be read

  DocumentReader(Corpus corpus, Tokenising out, Progress progress) {
    this.corpus = corpus;
    this.out = out;
    this.progress = progress;
    this.left = corpus.first();
  }

  /** Reads all. */
  void read() {
    for (Path file : corpus.files()) {
      if (left == 0) {
        return;
      }
      progress.note(String.valueOf(file.getFileName()));
      if (DataSet.hasRows(file)) {
        rows(file);
      } else if (corpus.byLine()) {
        new Lines().read(file);
      } else {
        out.begin();
        Utf8Text.read(file, progress, out::append);
        out.end();
        left--;
      }
    }
  }

  private void rows(Path file) {
    long bytes = Corpus.sizeBytes(file);
    try (RowIterator rows = DataSet.of(file).iterator(Reading.all())) {
      while (left > 0 && rows.hasNext()) {
        String text = text(rows.next());
        if (text.isBlank()) {
          continue;
        }
        out.begin();
        out.append(text);
        out.end();
        left--;
        // How far the reader is in the file is not told; a row has about as many bytes as its text.
        long told = Math.min(bytes, text.length());
        progress.advance(told);
        bytes -= told;
      }
    }
    progress.advance(bytes);
  }

  private String text(Json row) {
    Json text = row.at(corpus.column());
    if (text.present()) {
      return text.text();
    }
    Map<String, Json> columns = row.fields();
    if (columns.containsKey(corpus.column())) {
      return ""; // null: a row without text
    }
    throw new CorpusException(
        "%s has no column '%s'; it has: %s. Name the one that holds the text: .column(\"...\")"
            .formatted(row.where(), corpus.column(), String.join(", ", columns.keySet())));
  }

  /** Each line that is not blank as a document; it ends before "\n" or "\r\n". */
  private final class Lines {
    private boolean open; // whether the line has begun
    private boolean heldReturn; // whether a '\r' was read that may be the line's end

    void read(Path file) {
      Utf8Text.read(file, progress, this::part);
      end();
    }

    private void part(CharBuffer chars) {
      int from = 0;
      for (int i = 0; i < chars.length(); i++) {
        if (chars.charAt(i) == '\n') {
          text(chars.subSequence(from, i));
          end();
          from = i + 1;
        }
      }
      text(chars.subSequence(from, chars.length()));
    }

    private void text(CharBuffer part) {
      if (part.length() == 0 || left == 0) {
        return;
      }
      if (!open) {
        out.begin();
        open = true;
      }
      if (heldReturn) {
        out.append("\r");
      }
      heldReturn = part.charAt(part.length() - 1) == '\r';
      out.append(heldReturn ? part.subSequence(0, part.length() - 1) : part);
    }

    private void end() {
      if (open && out.end()) {
        left--;
      }
      open = false;
      heldReturn = false;
    }
  }
}
