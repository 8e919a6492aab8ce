package io.kerf.rows.parquet;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/** How a column's pages are compressed; the place in the list is the number in the file. */
enum Codec {
  UNCOMPRESSED,
  SNAPPY,
  GZIP,
  LZO,
  BROTLI,
  LZ4,
  ZSTD,
  LZ4_RAW;

  private static final long DEFLATE_TIMES = 1032; // the most that deflate makes of a byte
  private static final int FIRST_BYTES = 1 << 16;

  static Codec of(long number, String where) {
    if (number < 0 || number >= values().length) {
      throw new ParquetException(
          where + ": codec must be 0 to " + (values().length - 1) + ", was " + number);
    }
    Codec codec = values()[(int) number];
    return switch (codec) {
      case UNCOMPRESSED, SNAPPY, GZIP, ZSTD -> codec;
      default ->
          throw new ParquetException(
              where
                  + " is compressed by "
                  + codec
                  + "; read are SNAPPY, GZIP and ZSTD: write the file again with one of them");
    };
  }

  /**
   * The bytes before they were compressed.
   *
   * @param size how many they must be; memory is taken only as far as the input may become so many
   * @throws Cursor.Ended if the input is damaged or becomes another number of bytes
   */
  byte[] decompress(Cursor in, int size) {
    int length = in.remaining();
    try {
      return switch (this) {
        case SNAPPY -> {
          plausible(size, length, Snappy.MOST_TIMES);
          byte[] out = new byte[size];
          Snappy.decompress(in, out);
          yield out;
        }
        case GZIP -> {
          plausible(size, length, DEFLATE_TIMES);
          yield all(new GZIPInputStream(stream(in)), size);
        }
        case ZSTD -> zstd(in, size);
        default -> {
          if (size != length) {
            throw new Cursor.Ended("says that " + length + " plain bytes are " + size);
          }
          yield Arrays.copyOfRange(in.bytes(), in.at(), in.at() + length);
        }
      };
    } catch (IOException | ZstdException e) {
      throw new Cursor.Ended("is not sound: " + e.getMessage());
    }
  }

  private static byte[] zstd(Cursor in, int size) throws IOException {
    int length = in.remaining();
    if (Zstd.getFrameContentSize(in.bytes(), in.at(), length) != size) {
      // Frames may be several, or not say what they become: then memory grows with what comes.
      try (InputStream stream = new ZstdInputStream(stream(in))) {
        return all(stream, size);
      }
    }
    byte[] out = new byte[size];
    long made = Zstd.decompressByteArray(out, 0, size, in.bytes(), in.at(), length);
    if (made != size) {
      throw new Cursor.Ended(
          Zstd.isError(made)
              ? "is not sound: " + Zstd.getErrorName(made)
              : "becomes " + made + " bytes");
    }
    return out;
  }

  private static InputStream stream(Cursor in) {
    return new ByteArrayInputStream(in.bytes(), in.at(), in.remaining());
  }

  private static byte[] all(InputStream in, int size) throws IOException {
    byte[] out = new byte[Math.min(size, FIRST_BYTES)];
    int filled = in.readNBytes(out, 0, out.length);
    while (filled == out.length && filled < size) {
      out = Arrays.copyOf(out, (int) Math.min(size, 2L * filled));
      filled += in.readNBytes(out, filled, out.length - filled);
    }
    if (filled != size || in.read() >= 0) {
      throw new Cursor.Ended(
          "becomes " + (filled < size ? filled : "more") + " bytes, not " + size);
    }
    return out;
  }

  private static void plausible(int size, int length, long times) {
    if (size > times * length) {
      throw new Cursor.Ended("says that " + length + " bytes become " + size);
    }
  }
}
