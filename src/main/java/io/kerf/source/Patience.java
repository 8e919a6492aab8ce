package io.kerf.source;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/**
 * How often and after what pauses something that failed is tried again.
 *
 * @param tries how often in a row it may fail
 * @param firstPause before the second try; it doubles with every failure
 * @param longestPause no pause is longer, and a server that asks for a longer one is left
 * @param silence how long a server may say nothing
 * @param pauses waits that long
 */
record Patience(
    int tries, Duration firstPause, Duration longestPause, Duration silence, Pauses pauses) {
  /** Waits; tests wait for nothing. */
  interface Pauses {
    void sleep(Duration pause) throws InterruptedException;
  }

  /** What a user at a notebook bears. */
  static Patience usual() {
    return new Patience(
        6,
        Duration.ofSeconds(1),
        Duration.ofMinutes(5),
        Duration.ofSeconds(30),
        pause -> Thread.sleep(pause.toMillis()));
  }

  /** As this, but what fails once has failed. */
  Patience once() {
    return new Patience(1, firstPause, longestPause, silence, pauses);
  }

  /** A new count of failures. */
  Failures failures() {
    return new Failures();
  }

  /** How often one piece of work has failed in a row. */
  final class Failures {
    private int inARow;

    /** It went on a little: earlier failures do not count. */
    void forget() {
      inARow = 0;
    }

    /**
     * It failed: waits before the next try.
     *
     * @param why what happened, for the message
     * @param retryAfter the server's Retry-After; null where it sent none
     * @param cause what was thrown, or null
     * @throws FetchException if it is not to be tried again
     */
    void add(String why, String retryAfter, IOException cause) throws InterruptedException {
      inARow++;
      if (inARow >= tries) {
        String often = tries == 1 ? "" : ", " + tries + " times in a row";
        throw new FetchException(why + often + "; try again later: what came is kept", cause);
      }
      Duration doubled = firstPause.multipliedBy(1L << Math.min(inARow - 1, 20));
      Duration usual = doubled.compareTo(longestPause) < 0 ? doubled : longestPause;
      Duration asked = retryAfter == null ? null : asked(retryAfter);
      if (asked != null && asked.compareTo(longestPause) > 0) {
        throw new FetchException(
            why + ", and asks to wait for " + asked.toSeconds() + " seconds before the next try");
      }
      pauses.sleep(asked == null ? usual : asked);
    }

    /** Seconds or a date; null where it is neither. */
    private Duration asked(String retryAfter) {
      try {
        if (retryAfter.matches("[0-9]{1,9}")) {
          return Duration.ofSeconds(Long.parseLong(retryAfter));
        }
        ZonedDateTime until = ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME);
        Duration left = Duration.between(ZonedDateTime.now(until.getZone()), until);
        return left.isNegative() ? Duration.ZERO : left;
      } catch (DateTimeException e) {
        return null;
      }
    }
  }
}
