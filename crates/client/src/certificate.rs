//! Renewal of the certificate, with the one in use.

use protocol::{EnrollmentRules, media, routes};

use crate::call::Call;
use crate::{Body, Client, Error};

impl Client {
    /// For whom the next certificate will be, and what its request must be like.
    ///
    /// # Errors
    /// As any call.
    pub async fn certificate_rules(&self) -> Result<EnrollmentRules, Error> {
        self.json(Call::get(self.resolve(routes::CERTIFICATE_RULES)?, media::JSON)).await
    }

    /// The next certificate with its chain (PEM), for a certificate request (PKCS #10, PEM or DER). Both certificates are valid
    /// until the older one ends or is revoked. The same request gets the same certificate again, so the call is repeated safely.
    ///
    /// ```no_run
    /// # async fn example(client: client::Client, request: Vec<u8>) -> Result<(), Box<dyn std::error::Error>> {
    /// if client.heartbeat().await?.caller.certificate_days_left < 30 {
    ///     std::fs::write("next-certificate.pem", client.renew_certificate(request).await?)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::is_refused`] with status 400 when the request is not accepted, and 409 when two certificates are valid already.
    pub async fn renew_certificate(&self, request: impl Into<Vec<u8>>) -> Result<String, Error> {
        let body = Body::bytes(request.into());
        let call =
            Call::post(self.resolve(routes::CERTIFICATES)?, media::PEM, &body).of_type(media::CERTIFICATE_REQUEST);
        let chain = self.call(&call.held()).await?.document.bytes().await?;
        String::from_utf8(chain.to_vec()).map_err(|_| Error::unexpected("the answer is no certificate".to_owned()))
    }
}
