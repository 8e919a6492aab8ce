package io.kerf.eval;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A SHA-256 of what was asked. */
record AnswerKey(long first, long second, long third, long fourth) {
  static final int BYTES = 32;

  static AnswerKey of(MessageDigest digest) {
    return read(ByteBuffer.wrap(digest.digest()));
  }

  static AnswerKey read(ByteBuffer from) {
    return new AnswerKey(from.getLong(), from.getLong(), from.getLong(), from.getLong());
  }

  void write(ByteBuffer into) {
    into.putLong(first).putLong(second).putLong(third).putLong(fourth);
  }

  /** Hexadecimal. */
  @Override
  public String toString() {
    return String.format("%016x%016x%016x%016x", first, second, third, fourth);
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
