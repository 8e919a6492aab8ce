package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hubs that ask to come back later, or cannot. */
class HubBusyTest extends HubCase {
  @Test
  void waitsAsLongAsABusyHubAsks() throws Exception {
    server.once("GET", "listing", HubServer.status(429, "Retry-After", "7"));
    server.once("HEAD", WEIGHTS, HubServer.status(429, "Retry-After", "11"));
    server.once("GET", ELSEWHERE, HubServer.status(429, "Retry-After", "13"));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(
        List.of(Duration.ofSeconds(7), Duration.ofSeconds(11), Duration.ofSeconds(13)), pauses);
  }

  @Test
  void understandsRetryAfterADate() throws Exception {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).minusHours(1));
    server.once(
        "GET",
        "listing",
        HubServer.status(429, "Retry-After", date),
        HubServer.status(429, "Retry-After", "soon"));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(List.of(Duration.ZERO, Duration.ofSeconds(2)), pauses);
  }

  @Test
  void aHubThatAsksForTooLongAWaitIsLeft() {
    server.once("GET", "listing", HubServer.status(429, "Retry-After", "3600"));
    assertEquals(
        server.address()
            + " answered with status 429 to the request for the files of org/tiny, and asks to wait"
            + " for 3600 seconds before the next try",
        failure("org/tiny"));
    assertEquals(List.of(), pauses);
  }

  @Test
  void triesAgainAfterA503WithLongerPauses() throws Exception {
    server.once("GET", ELSEWHERE, HubServer.status(503), HubServer.status(503));
    server.once("GET", "config.json", HubServer.status(500));
    fetch("org/tiny");
    assertIsWhole();
    assertEquals(
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2)),
        pauses.stream().sorted().toList());
  }

  @Test
  void anEndless503EndsWithAMessage() throws Exception {
    server.always("GET", ELSEWHERE, HubServer.status(503));
    assertEquals(
        server.address()
            + " answered with status 503 to the request for model.safetensors, 4 times in a row;"
            + " try again later: what came is kept",
        failure("org/tiny"));
    assertEquals(
        List.of(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4)), pauses);
    assertOnlyBlobsAreLeft();
  }

  @Test
  void anAnswerThatNobodyExpectsIsNamed() {
    server.always("GET", "listing", HubServer.status(418));
    assertEquals(
        server.address()
            + " answered with status 418 to the request for the files of org/tiny; check"
            + " HF_ENDPOINT, or try again later",
        failure("org/tiny"));
  }
}
