package io.kerf.rows.parquet;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;

/**
 * What a column's values are: how they are stored, and what that means.
 *
 * <p>Values become strings, numbers and booleans, as in JSON: dates and times in ISO 8601, bytes
 * that are no text in base64.
 *
 * @param lengthBytes of a value of fixed length
 * @param scale of a decimal: how many of its digits stand behind the point
 * @param utc whether a time is of the zone UTC, not of no zone
 */
record LeafType(Physical physical, int lengthBytes, Meaning meaning, int scale, boolean utc) {
  private static final int MAX_SCALE = 1000;
  private static final long JULIAN_1970 = 2_440_588;

  /** How values are stored; the place in the list is the number in the file. */
  enum Physical {
    BOOLEAN,
    INT32,
    INT64,
    INT96,
    FLOAT,
    DOUBLE,
    BYTE_ARRAY,
    FIXED_LEN_BYTE_ARRAY
  }

  /** What they mean; PLAIN is what they are stored as. */
  enum Meaning {
    PLAIN,
    TEXT,
    UNSIGNED,
    DECIMAL,
    DATE,
    TIME_MILLIS,
    TIME_MICROS,
    TIME_NANOS,
    TIMESTAMP_MILLIS,
    TIMESTAMP_MICROS,
    TIMESTAMP_NANOS,
    FLOAT16,
    UUID
  }

  /** Reads what a leaf of the schema says. */
  static LeafType of(Thrift element, String where) {
    long number = element.number(1, "type");
    if (number < 0 || number >= Physical.values().length) {
      throw new ParquetException(where + ": type must be 0 to 7, was " + number);
    }
    Physical physical = Physical.values()[(int) number];
    boolean fixed = physical == Physical.FIXED_LEN_BYTE_ARRAY;
    int length = fixed ? element.count(2, "type_length") : 0;
    long scale = element.optionalNumber(7, "scale").orElse(0L);
    Thrift logical = element.optionalStruct(10, "logicalType").orElse(null);
    boolean utc = true;
    Meaning meaning;
    if (logical != null) {
      Thrift time =
          logical
              .optionalStruct(8, "TIMESTAMP")
              .orElse(logical.optionalStruct(7, "TIME").orElse(null));
      utc = time == null || time.flag(1, "isAdjustedToUTC", true);
      meaning = meaning(logical, time);
    } else {
      meaning = converted(element.optionalNumber(6, "converted_type").orElse(-1L));
    }
    LeafType type = new LeafType(physical, length, meaning, (int) scale, utc);
    if (!type.makesSense() || scale < -MAX_SCALE || scale > MAX_SCALE) {
      throw new ParquetException(
          where
              + ": "
              + physical
              + " cannot hold "
              + meaning
              + " (length "
              + length
              + ", scale "
              + scale
              + ")");
    }
    return type;
  }

  private static Meaning meaning(Thrift logical, Thrift time) {
    if (time != null) {
      Thrift unit = time.struct(2, "unit");
      int of = unit.has(1) ? 0 : unit.has(2) ? 1 : 2;
      Meaning first = logical.has(7) ? Meaning.TIME_MILLIS : Meaning.TIMESTAMP_MILLIS;
      return Meaning.values()[first.ordinal() + of];
    }
    if (logical.has(1) || logical.has(4) || logical.has(12)) { // string, enum, JSON
      return Meaning.TEXT;
    }
    if (logical.has(10)) {
      boolean signed = logical.struct(10, "INTEGER").flag(2, "isSigned", true);
      return signed ? Meaning.PLAIN : Meaning.UNSIGNED;
    }
    return logical.has(5)
        ? Meaning.DECIMAL
        : logical.has(6)
            ? Meaning.DATE
            : logical.has(14) ? Meaning.UUID : logical.has(15) ? Meaning.FLOAT16 : Meaning.PLAIN;
  }

  private static Meaning converted(long type) {
    return switch ((int) type) {
      case 0, 4, 19 -> Meaning.TEXT; // UTF8, ENUM, JSON
      case 5 -> Meaning.DECIMAL;
      case 6 -> Meaning.DATE;
      case 7 -> Meaning.TIME_MILLIS;
      case 8 -> Meaning.TIME_MICROS;
      case 9 -> Meaning.TIMESTAMP_MILLIS;
      case 10 -> Meaning.TIMESTAMP_MICROS;
      case 11, 12, 13, 14 -> Meaning.UNSIGNED;
      default -> Meaning.PLAIN;
    };
  }

  private boolean makesSense() {
    boolean sound = physical != Physical.FIXED_LEN_BYTE_ARRAY || lengthBytes > 0;
    return sound
        && switch (meaning) {
          case PLAIN -> true;
          case TEXT -> isBytes();
          case UNSIGNED -> isInteger();
          case DECIMAL -> isInteger() || isBytes();
          case DATE, TIME_MILLIS -> physical == Physical.INT32;
          case FLOAT16 -> isFixed(2);
          case UUID -> isFixed(16);
          default -> physical == Physical.INT64;
        };
  }

  private boolean isFixed(int bytes) {
    return physical == Physical.FIXED_LEN_BYTE_ARRAY && lengthBytes == bytes;
  }

  boolean isInteger() {
    return physical == Physical.INT32 || physical == Physical.INT64;
  }

  boolean isBytes() {
    return physical == Physical.BYTE_ARRAY || physical == Physical.FIXED_LEN_BYTE_ARRAY;
  }

  /** Bytes a stored value; 0 where they differ. */
  int sizeBytes() {
    return switch (physical) {
      case BOOLEAN, BYTE_ARRAY -> 0;
      case INT32, FLOAT -> 4;
      case INT64, DOUBLE -> 8;
      case INT96 -> 12;
      case FIXED_LEN_BYTE_ARRAY -> lengthBytes;
    };
  }

  /** The value of stored bytes. */
  Object ofBytes(byte[] bytes, int from, int size) {
    if (isBytes()) {
      return switch (meaning) {
        case TEXT -> new String(bytes, from, size, StandardCharsets.UTF_8);
        case DECIMAL -> decimal(size == 0 ? BigInteger.ZERO : new BigInteger(bytes, from, size));
        case FLOAT16 ->
            (double) half(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getShort(from));
        case UUID -> {
          ByteBuffer number = ByteBuffer.wrap(bytes, from, size);
          yield new UUID(number.getLong(), number.getLong()).toString();
        }
        default -> Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, from + size));
      };
    }
    ByteBuffer stored = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return switch (physical) {
      case INT32 -> ofInteger(stored.getInt(from));
      case INT64 -> ofInteger(stored.getLong(from));
      case FLOAT -> (double) stored.getFloat(from);
      case DOUBLE -> stored.getDouble(from);
      default -> // INT96: nanoseconds of the day, and the Julian day
          timestamp(
              Instant.EPOCH
                  .plus(stored.getInt(from + 8) - JULIAN_1970, ChronoUnit.DAYS)
                  .plusNanos(stored.getLong(from)),
              false);
    };
  }

  /** The value of a stored whole number. */
  Object ofInteger(long stored) {
    long number = physical == Physical.INT32 ? (int) stored : stored;
    return switch (meaning) {
      case UNSIGNED ->
          physical == Physical.INT32
              ? (Object) (number & 0xffffffffL)
              : number >= 0 ? (Object) number : new BigInteger(Long.toUnsignedString(number));
      case DECIMAL -> decimal(BigInteger.valueOf(number));
      case DATE -> LocalDate.ofEpochDay(number).toString();
      case TIME_MILLIS -> time(number, 1_000_000);
      case TIME_MICROS -> time(number, 1_000);
      case TIME_NANOS -> time(number, 1);
      case TIMESTAMP_MILLIS -> timestamp(Instant.EPOCH.plus(number, ChronoUnit.MILLIS), utc);
      case TIMESTAMP_MICROS -> timestamp(Instant.EPOCH.plus(number, ChronoUnit.MICROS), utc);
      case TIMESTAMP_NANOS -> timestamp(Instant.EPOCH.plusNanos(number), utc);
      default -> number;
    };
  }

  private BigDecimal decimal(BigInteger digits) {
    return new BigDecimal(digits, scale);
  }

  private static String time(long number, long nanos) {
    long day = 86_400_000_000_000L;
    if (number < 0 || number >= day / nanos) {
      throw new Cursor.Ended("holds the time " + number + ", which no day has");
    }
    return DateTimeFormatter.ISO_LOCAL_TIME.format(LocalTime.ofNanoOfDay(number * nanos));
  }

  private static String timestamp(Instant instant, boolean utc) {
    String text = DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    return utc ? text + "Z" : text;
  }

  /** A float of 16 bits: sign, 5 bits of exponent, 10 of fraction. */
  private static float half(short bits) {
    int exponent = bits >>> 10 & 31;
    int fraction = bits & 1023;
    float size =
        exponent == 0
            ? fraction * 0x1p-24f
            : exponent == 31
                ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
                : (1024 + fraction) * (float) Math.scalb(1.0, exponent - 25);
    return bits < 0 ? -size : size;
  }
}
