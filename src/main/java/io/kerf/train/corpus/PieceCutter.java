package io.kerf.train.corpus;

import io.kerf.text.Tokenizer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Cuts documents into pieces, so that one of any length can be tokenised in little memory, and into
 * the same tokens as if it were tokenised whole.
 *
 * <p>A document of up to {@value #PIECE_CHARS} characters is one piece. In a longer one a cut is
 * looked for from there backwards: behind or before a line's end, else before a space, else
 * anywhere. The first is taken at which the {@value #SIDE_CHARS} characters on either side have the
 * same tokens with the cut as without. The characters before a cut are then tokenised again with
 * the piece behind it, and their tokens left out, so that a tokenizer that puts something before a
 * text (SentencePiece's "▁") puts nothing there. Where no such place is found among so many, the
 * cut is made at the last character, and the piece behind it is tokenised by itself.
 */
final class PieceCutter {
  static final int PIECE_CHARS = 1 << 14; // the native library is fastest on short texts

  // Longer than the words of more than 100 characters that WordPiece takes for unknown.
  private static final int SIDE_CHARS = 128;
  private static final int TRIES = 256; // of each kind of place

  private final Tokenizer tokenizer;
  private final int pieceChars;
  private final Consumer<Piece> consumer;
  private final StringBuilder text = new StringBuilder(); // the context, then what follows it
  private int context; // its length
  private boolean begins;

  /**
   * @param pieceChars the longest piece, at least a few times {@value #SIDE_CHARS}
   * @param consumer of the pieces, in order
   */
  PieceCutter(Tokenizer tokenizer, int pieceChars, Consumer<Piece> consumer) {
    this.tokenizer = tokenizer;
    this.pieceChars = pieceChars;
    this.consumer = consumer;
  }

  /** The next document begins. */
  void begin() {
    text.setLength(0);
    context = 0;
    begins = true;
  }

  /** The document goes on. */
  void append(CharSequence more) {
    for (int from = 0; from < more.length(); ) {
      int room = context + pieceChars + SIDE_CHARS - text.length();
      int count = Math.min(room, more.length() - from);
      text.append(more, from, from + count);
      from += count;
      if (count == room) {
        cut();
      }
    }
  }

  /**
   * The document ends.
   *
   * @return whether it had anything but spaces; else it has no piece
   */
  boolean end() {
    if (begins && text.chars().allMatch(Character::isWhitespace)) {
      return false;
    }
    if (text.length() > context) {
      give(text.length());
    }
    return true;
  }

  private void give(int end) {
    consumer.accept(new Piece(begins, text.substring(0, context), text.substring(context, end)));
    begins = false;
  }

  private void cut() {
    int last = context + pieceChars;
    int place = cleanCut(last, this::behindLine);
    place = place > 0 ? place : cleanCut(last, at -> text.charAt(at) == '\n');
    place = place > 0 ? place : cleanCut(last, at -> text.charAt(at) == ' ');
    place = place > 0 ? place : cleanCut(last, at -> true);
    boolean clean = place > 0;
    int end = clean ? place : last - (insideCharacter(last) ? 1 : 0);
    give(end);
    int kept = clean ? side(end) : end;
    context = end - kept;
    text.delete(0, kept);
  }

  private boolean behindLine(int at) {
    return text.charAt(at - 1) == '\n';
  }

  /** The last place of that kind in the second half where a cut changes no token; else 0. */
  private int cleanCut(int last, IntPredicate kind) {
    int tries = 0;
    for (int at = last; at > last - pieceChars / 2 && tries < TRIES; at--) {
      if (kind.test(at) && !insideCharacter(at)) {
        if (clean(at)) {
          return at;
        }
        tries++;
      }
    }
    return 0;
  }

  private boolean clean(int at) {
    int end = Math.min(text.length(), at + SIDE_CHARS);
    end -= end < text.length() && insideCharacter(end) ? 1 : 0;
    String before = text.substring(side(at), at);
    String both = before + text.substring(at, end);
    return Piece.startsWith(tokenizer.encode(both, false), tokenizer.encode(before, false));
  }

  /** Where the characters before a place begin that count. */
  private int side(int at) {
    int start = Math.max(0, at - SIDE_CHARS);
    return start + (insideCharacter(start) ? 1 : 0);
  }

  /** Whether a place is between the two halves of one character. */
  private boolean insideCharacter(int at) {
    return at > 0
        && at < text.length()
        && Character.isHighSurrogate(text.charAt(at - 1))
        && Character.isLowSurrogate(text.charAt(at));
  }
}
