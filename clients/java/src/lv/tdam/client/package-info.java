/**
 * Client of the treasury's exchange: payments, statuses and reports over mutual TLS.
 *
 * <p>Begin with {@link lv.tdam.client.TdamClient}; the first certificate comes from {@link lv.tdam.client.Enrollment}. Each failure is a
 * {@link lv.tdam.client.TdamException} whose text says what happened and what to do.
 *
 * <pre>{@code
 * try (TdamClient client = TdamClient.builder()
 *         .url("https://127.0.0.1:8443")
 *         .authority(Path.of("tdam-sandbox/pki/ca.pem"))
 *         .identity(Identity.pem(user.resolve("certificate.pem"), user.resolve("key.pem")))
 *         .build()) {
 *     PaymentAnswer answer = client.submitAndWait(Body.file(Path.of("payments.xml")));
 *     System.out.println(answer.groupStatus());
 * }
 * }</pre>
 */
package lv.tdam.client;
