// chaingate - a step of a shared library: the gate and its reports. It fails unless the gate passed, and prints the exit code. All strings are in
// single quotes, so that Groovy inserts nothing into them: values reach the shell only as variables.
def call(Map given) {
    def wanted = [chain: '', deploymentFrom: 'deployment.id', policy: '@ready', wait: '45m', reports: 'gate', credentials: 'baseten-api-key'] + given
    // An agent may keep its folders. An earlier build's reports are removed before anything else can fail, and if they can't be, nothing is published.
    withEnv(['GATE_FOLDER=' + wanted.reports]) {
        sh(label: 'Forget an earlier build', script: '''#!/bin/sh
            set -u
            case $GATE_FOLDER in '' | -* | *[!a-z0-9-]*) echo "chaingate: reports is a folder's name, of lower-case letters, digits and -" >&2; exit 2 ;; esac
            rm -f -- "$GATE_FOLDER"/gate.*
        ''')
    }
    int code = 70
    try {
        withCredentials([string(credentialsId: wanted.credentials, variable: 'BASETEN_API_KEY')]) {
            withEnv([
                'GATE_CHAIN=' + wanted.chain,
                'GATE_DEPLOYMENT_FROM=' + wanted.deploymentFrom,
                'GATE_POLICY=' + wanted.policy,
                'GATE_WAIT=' + wanted.wait,
                'GATE_FOLDER=' + wanted.reports
            ]) {
                code = sh(returnStatus: true, label: 'Gate', script: '''#!/bin/sh
                    set -u
                    deployment=$(cat -- "$GATE_DEPLOYMENT_FROM") || exit 2
                    exec chaingate check --chain "$GATE_CHAIN" --deployment "$deployment" --timeout "$GATE_WAIT" \\
                      --junit "$GATE_FOLDER/gate.xml" --report "html=$GATE_FOLDER/gate.html" --report "json=$GATE_FOLDER/gate.json" \\
                      --report "env=$GATE_FOLDER/gate.env" -- "$GATE_POLICY"
                ''')
            }
        }
    } finally {
        archiveArtifacts(artifacts: wanted.reports + '/gate.*', allowEmptyArchive: true)
        junit(testResults: wanted.reports + '/gate.xml', allowEmptyResults: true, skipMarkingBuildUnstable: true)
    }
    if (code != 0) {
        error('chaingate: the gate ended with exit code ' + code)
    }
}
