<?php

declare(strict_types=1);

namespace Tdam\Client;

/**
 * A pain.002: the status of a message as of now.
 *
 * ```php
 * echo $client->status('MSG-1')->groupStatus(); // ACSC
 * ```
 */
class StatusReport extends Document
{
    /** Status of the message (`GrpSts`): RCVD, ACCP, ACSP, ACSC, PART, PDNG or RJCT. */
    public function groupStatus(): ?string
    {
        return $this->firstText('GrpSts');
    }
}
